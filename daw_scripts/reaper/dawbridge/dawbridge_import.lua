-- @noindex
-- Imports the results of requests whose window was closed before they were done.

package.path = (debug.getinfo(1, "S").source:match("^@(.*[/\\])") or "") .. "?.lua"
local project = require("project")
local mailbox = require("mailbox")
local sending = require("sending")
local importing = require("importing")

-- The request is sent once more with its id: a repeated id makes nothing new, and its result is told again.
local function asked_again(pending)
  return mailbox.send(pending.message, {
    id = pending.id, path = pending.parts[1].path, words = pending.words,
    options_json = sending.options_for(pending.parts),
  })
end

local function next_one(waiting, at)
  local pending = waiting[at]
  if not pending then return end
  local sent, text = asked_again(pending)
  if not sent then return project.say(text) end
  sending.watch(pending.id, pending.words, function(message)
    local result, reason = sending.outcome(message)
    if result then
      local count, what = importing.import(pending, result)
      if not count then project.say(what) end
    else
      project.forget(sending.PENDING, pending.id)
      project.say(reason)
    end
    next_one(waiting, at + 1)
  end, text)
end

local waiting = project.remembered(sending.PENDING)
if #waiting == 0 then
  project.say("Nothing is on its way. Send something first.")
else
  next_one(waiting, 1)
end
