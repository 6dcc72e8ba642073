-- @description dawbridge: send what is selected to the bridge with a wish, and get it back
-- @version 0.1.0
-- @author dawbridge
-- @about
--   Sends selected items or tracks to dawbridge with a wish in plain words ("warmer, -16 LUFS") and brings the result
--   back as a take, an item or a track. Needs dawbridge on this computer: https://github.com/dawbridge/dawbridge
-- @provides
--   [main] dawbridge_accept.lua
--   [main] dawbridge_apply.lua
--   [main] dawbridge_audition.lua
--   [main] dawbridge_chat.lua
--   [main] dawbridge_import.lua
--   [main] dawbridge_reject.lua
--   [main] .
--   [main] dawbridge_suggestions.lua
--   [nomain] comparing.lua
--   [nomain] display.lua
--   [nomain] effects.lua
--   [nomain] importing.lua
--   [nomain] json.lua
--   [nomain] mailbox.lua
--   [nomain] parts.lua
--   [nomain] project.lua
--   [nomain] rendering.lua
--   [nomain] sending.lua

package.path = (debug.getinfo(1, "S").source:match("^@(.*[/\\])") or "") .. "?.lua"
local project = require("project")
local sending = require("sending")
local importing = require("importing")

local function word(text, otherwise, allowed)
  local found = (text or ""):lower():match("^%s*(%a+)")
  return allowed[found] and found or otherwise
end

local function back(pending, message)
  local result, why = sending.outcome(message)
  if not result then
    project.forget(sending.PENDING, pending.id)
    return project.say(why)
  end
  local count, reason = importing.import(pending, result)
  if not count then project.say(reason) end
end

local function main()
  local fields = "Wish:,Before or after the track's effects:,Result as take or track:,separator=\n,extrawidth=260"
  local entered, text = reaper.GetUserInputs("dawbridge: what shall be done?", 3, fields, "\nbefore\ntake")
  if not entered then return end
  local words, place, into = text:match("^([^\n]*)\n([^\n]*)\n([^\n]*)$")
  if not words or words:match("^%s*$") then return project.say("Say what is wished, for example: warmer, -16 LUFS") end
  place = word(place, "before", { before = true, after = true })
  into = word(into, "take", { take = true, track = true })
  local pending, sent = sending.send("process", words, place, nil, into)
  if not pending then return project.say(sent) end
  project.add(sending.PENDING, pending)
  sending.watch(pending.id, words, function(message) back(pending, message) end, sent)
end

main()
