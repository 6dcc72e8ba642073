-- @noindex
-- A conversation about what is selected: each turn comes back as a take, and the next words may speak of it
-- ("even more", "undo", "go back to version 2"). Cancel ends it; it goes on where it was when it is opened again.

package.path = (debug.getinfo(1, "S").source:match("^@(.*[/\\])") or "") .. "?.lua"
local project = require("project")
local mailbox = require("mailbox")
local sending = require("sending")
local importing = require("importing")
local json = require("json")

local CHATS = "chats" -- by item or track: the sound that the conversation is about

-- What the bridge answered, in one line, as the next dialog's title.
local function said(result)
  local explanation = json.field(result, "explanation", "table")
  local lines = explanation and json.field(explanation, "simple", "table")
  return json.field(result, "answer", "string") or (lines and lines[1]) or "Done."
end

local function ask(talk, title)
  local entered, words = reaper.GetUserInputs("dawbridge: " .. title:sub(1, 120), 1, "You:,separator=\n,extrawidth=360", "")
  if not entered then return end
  if words:match("^%s*$") then return ask(talk, title) end
  local id, why = mailbox.send("chat", {
    path = talk.part.path, words = words, options_json = { session = talk.id, daw = { name = "reaper" } },
  })
  if not id then return project.say(why) end
  sending.watch(id, words, function(message)
    local result, reason = sending.outcome(message)
    if not result then return ask(talk, reason) end
    if json.field(result, "output", "string") then
      local pending = { id = id, words = words, into = "take", parts = json.list({ talk.part }) }
      local count, trouble = importing.import(pending, result)
      if not count then return project.say(trouble) end
    end
    ask(talk, said(result))
  end)
end

local function known(part)
  for _, talk in ipairs(project.remembered(CHATS)) do
    if talk.about == (part.item or part.track) and mailbox.text_of(talk.part.path) then return talk end
  end
end

local function main()
  local there, what_to_do = mailbox.alive()
  if not there then return project.say(what_to_do) end
  local part, why = sending.sound()
  if not part then return project.say(why) end
  local talk = known(part)
  if not talk then
    local id = mailbox.new_id()
    local ready, reason = sending.with_sounds({ part }, id)
    if not ready then return project.say(reason) end
    talk = { id = id, about = part.item or part.track, part = part }
    project.add(CHATS, talk)
  end
  ask(talk, part.name)
end

main()
