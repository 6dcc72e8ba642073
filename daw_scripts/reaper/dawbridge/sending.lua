-- From what is selected to a request in the mailbox, and a small window that shows how far it has got.

local mailbox = require("mailbox")
local project = require("project")
local parts = require("parts")
local rendering = require("rendering")
local json = require("json")

local sending = {}

sending.PENDING = "pending" -- requests whose results are not in the project yet
local SOUNDS = "sounds" -- in the mailbox: what the bridge may read

-- Gives each part a path in the mailbox: rendered there, or copied.
function sending.with_sounds(found, id)
  local folder = mailbox.joined(mailbox.folder(), SOUNDS)
  local to_render = {}
  for number, part in ipairs(found) do
    if part.path then
      local to = mailbox.joined(folder, ("%s-%d.%s"):format(id, number, part.path:match("%.(%w+)$"):lower()))
      local copied, why = mailbox.copy(part.path, to)
      if not copied then return false, ("%s cannot be read: %s"):format(part.path, why) end
      part.path = to
    else
      to_render[#to_render + 1] = part
    end
  end
  if #to_render == 0 then return true end
  return rendering.render(to_render, folder, id .. "-r")
end

-- more: further options of the request.
function sending.options_for(found, more)
  local options = more or {}
  options.daw = { name = "reaper" }
  if #found == 1 then return options end
  local first = parts.beginning(found)
  options.stems, options.starts = {}, {}
  for _, part in ipairs(found) do
    options.stems[part.name] = part.path
    options.starts[part.name] = part.position - first
  end
  return options
end

-- message: "process", "plan", "analyze" or "chat". Returns the pending request and its text, or nil and a sentence.
function sending.send(message, words, place, more, into)
  local there, what_to_do = mailbox.alive()
  if not there then return nil, what_to_do end
  local found = parts.selected(place)
  if #found == 0 then return nil, "Select audio items or tracks first." end
  local id = mailbox.new_id()
  local ready, why = sending.with_sounds(found, id)
  if not ready then return nil, why end
  local sent, reason = mailbox.send(message, {
    id = id, path = found[1].path, words = words, options_json = sending.options_for(found, more),
  })
  if not sent then return nil, reason end
  return { id = id, message = message, words = words, into = into, parts = json.list(found) }, reason
end

-- The one part that is selected, without its sound; or nil and a sentence.
function sending.sound()
  local found = parts.selected("before")
  if #found ~= 1 then return nil, "Select one audio item or one track." end
  return found[1]
end

-- Watching -------------------------------------------------------------------------------------------------------------

local function drawn(text, fraction)
  gfx.set(0.13, 0.13, 0.15, 1)
  gfx.rect(0, 0, gfx.w, gfx.h, 1)
  gfx.set(0.35, 0.65, 0.95, 1)
  gfx.rect(10, 40, math.floor((gfx.w - 20) * fraction), 12, 1)
  gfx.set(0.9, 0.9, 0.9, 1)
  gfx.x, gfx.y = 10, 12
  gfx.drawstr(text)
  gfx.update()
end

-- What a message says of a request: done (a Result, or why it is refused), and what to show.
local function heard(message)
  local kind = message.message
  if kind == "result" then return message end
  if kind == "error" then return { status = "rejected", reason = tostring(message.reason) } end
  if kind == "ack" and message.verdict == "rejected" then
    return { status = "rejected", reason = tostring(message.reason) }
  end
  if kind == "progress" then
    return nil, json.field(message, "stage", "string"), json.field(message, "fraction", "number")
  end
end

-- Looks for replies without blocking REAPER. done(result): a message `result`, or {status = "rejected", reason}.
-- Closing the window leaves the request alone; Escape takes it back. request: its text, which is sent again where the
-- bridge was started anew meanwhile.
function sending.watch(id, title, done, request)
  local seen, text, fraction, looked = {}, "waiting", 0, reaper.time_precise()
  local _, process = mailbox.alive()
  gfx.init(project.TITLE .. ": " .. title, 420, 64)
  local function look()
    for _, message in ipairs(mailbox.replies(id, seen)) do
      local ended, stage, part = heard(message)
      if ended then
        gfx.quit()
        return done(ended)
      end
      text, fraction = stage or text, math.max(0, math.min(1, part or fraction))
    end
    if reaper.time_precise() - looked > 1 then
      looked = reaper.time_precise()
      local there, now = mailbox.alive()
      if not there then
        text = "The bridge has stopped; it goes on with this when it runs again."
      elseif now ~= process then
        process, seen.next, text = now, 1, "The bridge runs again."
        if request then mailbox.send_again(id, request) end
      end
    end
    drawn(text, fraction)
    local key = gfx.getchar()
    if key < 0 then return end
    if key == 27 then
      mailbox.send("cancel", { job = id })
      text = "taking it back"
    end
    reaper.defer(look)
  end
  look()
end

-- The content of the result, or nil and a sentence for the user.
function sending.outcome(message)
  if message.status == "rejected" then return nil, "The bridge refused it: " .. message.reason end
  local result, why = mailbox.result(message.path_of_result_json)
  if not result then return nil, why end
  if message.status == "cancelled" then return nil, "It was taken back." end
  if message.status ~= "done" then
    return nil, json.field(result, "question", "string") or json.field(result, "reason", "string")
      or "It came to nothing; the result file says why."
  end
  return result
end

return sending
