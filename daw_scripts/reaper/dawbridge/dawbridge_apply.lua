-- @noindex
-- Plans a wish for what is selected and sets it on REAPER's own effects instead of rendering it.

package.path = (debug.getinfo(1, "S").source:match("^@(.*[/\\])") or "") .. "?.lua"
local project = require("project")
local mailbox = require("mailbox")
local sending = require("sending")
local effects = require("effects")
local json = require("json")

local function track_of(pending)
  return function(where)
    if where == "mix" and #pending.parts > 1 then return reaper.GetMasterTrack(0) end
    for _, part in ipairs(pending.parts) do
      if #pending.parts == 1 or part.name == where then return project.track(part.track) end
    end
  end
end

local function carried_out(pending, place, id, message)
  local orders, why = sending.outcome(message)
  if not orders then return project.say(why) end
  if not (json.is_list(orders.orders) and json.is_list(orders.left)) then
    return project.say("The orders cannot be read.")
  end
  local account, reason = effects.apply(orders, track_of(pending), place)
  if not account then return project.say(reason) end
  local sent, unsent = mailbox.send("report", { orders = id, account_json = account })
  project.say(effects.summary(account) .. (sent and "" or "\n" .. unsent))
end

local function planned(pending, place, message)
  local result, why = sending.outcome(message)
  if not result then return project.say(why) end
  if not json.field(result, "plan", "table") then
    return project.say(json.field(result, "answer", "string") or "Nothing has to be done.")
  end
  local id, text = mailbox.send("orders", { path = message.path_of_result_json, daw = "reaper" })
  if not id then return project.say(text) end
  sending.watch(id, "setting effects", function(orders) carried_out(pending, place, id, orders) end, text)
end

local function main()
  local fields = "Wish:,Before or after the track's effects:,separator=\n,extrawidth=260"
  local entered, text = reaper.GetUserInputs("dawbridge: what shall REAPER's effects do?", 2, fields, "\nafter")
  if not entered then return end
  local words, place = text:match("^([^\n]*)\n%s*(%a*)")
  if not words or words:match("^%s*$") then return project.say("Say what is wished, for example: warmer, less boomy") end
  place = place:lower() == "before" and "before" or "after"
  local pending, sent = sending.send("plan", words, place)
  if not pending then return project.say(sent) end
  sending.watch(pending.id, words, function(message) planned(pending, place, message) end, sent)
end

main()
