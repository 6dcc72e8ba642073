-- The mailbox of the bridge: requests/<id>.json out, replies/<id>.<n>.json in, heartbeat.json says that it is there.
-- Everything is written under another name and renamed. Who has read a reply deletes it.

local here = debug.getinfo(1, "S").source:match("^@(.*[/\\])") or ""
local json = require("json")

local mailbox = {}

mailbox.CONFIG = "dawbridge_config.json" -- beside the scripts; `dawbridge install-script reaper` writes it
mailbox.DEAD_S = 10 -- a heartbeat comes every second, later on a crowded machine
mailbox.PROTOCOL = 1
mailbox.NOT_RUNNING = "The bridge is not running. Start it in a terminal with: dawbridge serve"

local SEPARATOR = package.config:sub(1, 1)

function mailbox.joined(...)
  return table.concat({ ... }, SEPARATOR)
end

-- The whole file, or nil.
function mailbox.text_of(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local text = file:read("a")
  file:close()
  return text
end

local function configured()
  local text = mailbox.text_of(here .. mailbox.CONFIG)
  return text and json.field(json.decode(text) or {}, "state", "string")
end

-- Where the bridge keeps its state unless it is told otherwise, as platformdirs has it.
local function usual()
  local home = os.getenv("HOME") or ""
  if SEPARATOR == "\\" then return mailbox.joined(os.getenv("LOCALAPPDATA") or "", "dawbridge") end
  if reaper.GetOS():match("^OSX") or reaper.GetOS():match("^macOS") then
    return home .. "/Library/Application Support/dawbridge"
  end
  return (os.getenv("XDG_STATE_HOME") or (home .. "/.local/state")) .. "/dawbridge"
end

function mailbox.folder()
  return mailbox.joined(configured() or os.getenv("BRIDGE_STATE") or usual(), "mailbox")
end

-- True and the number of the bridge's process, or false and what to do.
function mailbox.alive()
  local text = mailbox.text_of(mailbox.joined(mailbox.folder(), "heartbeat.json"))
  local beat = text and json.decode(text)
  local at = json.field(beat, "at", "number")
  if not at or os.time() - at > mailbox.DEAD_S then return false, mailbox.NOT_RUNNING end
  if json.field(beat, "protocol", "number") ~= mailbox.PROTOCOL then
    return false, "The bridge speaks another version of its protocol. Run: dawbridge install-script reaper"
  end
  return true, json.field(beat, "pid", "number")
end

-- An id that no request had before: date, milliseconds of REAPER's clock, and chance.
function mailbox.new_id()
  local random = reaper.genGuid(""):gsub("[^%x]", ""):sub(1, 8):lower()
  return ("reaper-%s-%s"):format(os.date("!%Y%m%d%H%M%S"), random)
end

-- Writes a file whole or not at all. Returns true, or nil and why.
function mailbox.write(path, text)
  local fresh = path:gsub("[^/\\]+$", ".%0.tmp")
  local file, why = io.open(fresh, "wb")
  if not file then return nil, why end
  local written = file:write(text)
  local closed = file:close()
  if not (written and closed) then
    os.remove(fresh)
    return nil, "the disk is full or the folder is protected"
  end
  local moved, reason = os.rename(fresh, path)
  if not moved then os.remove(fresh) end
  return moved, reason
end

-- fields: of the message, by name. Returns the id, or nil and why. The caller may have chosen the id.
function mailbox.send(message, fields)
  local there, what_to_do = mailbox.alive()
  if not there then return nil, what_to_do end
  local request = { message = message }
  for name, value in pairs(fields) do request[name] = value end
  request.id = request.id or mailbox.new_id()
  local path = mailbox.joined(mailbox.folder(), "requests", request.id .. ".json")
  local text = json.encode(request)
  local written, why = mailbox.write(path, text)
  if not written then return nil, ("The request cannot be written: %s"):format(why) end
  return request.id, text
end

-- The same request once more, after the bridge was started anew: the same id makes nothing twice.
function mailbox.send_again(id, text)
  return mailbox.write(mailbox.joined(mailbox.folder(), "requests", id .. ".json"), text)
end

-- Replies ------------------------------------------------------------------------------------------------------------

-- What came for that id since the last call, in order: a list of messages. `seen` is the caller's: {next = 1}.
-- A reply that is no JSON yet is left for the next look; one that is none for two seconds is passed over.
function mailbox.replies(id, seen)
  local found = {}
  seen.next = seen.next or 1
  while true do
    local path = mailbox.joined(mailbox.folder(), "replies", ("%s.%d.json"):format(id, seen.next))
    local text = mailbox.text_of(path)
    if not text then return found end
    local message = json.decode(text)
    local fits = json.field(message, "message", "string") and message.id == id
    if not fits then
      seen.since = seen.since or reaper.time_precise()
      if reaper.time_precise() - seen.since < 2 then return found end
    end
    seen.since = nil
    seen.next = seen.next + 1
    os.remove(path)
    if fits then found[#found + 1] = message end
  end
end

-- The content of result.json, or nil and why. path: as a reply named it.
function mailbox.result(path)
  local text = type(path) == "string" and mailbox.text_of(path)
  if not text then return nil, "The result is not there any more." end
  local result = json.decode(text)
  if type(result) ~= "table" then return nil, "The result cannot be read." end
  return result
end

-- A copy of a file, whole or not at all. Returns true, or nil and why.
function mailbox.copy(from, to)
  local source, why = io.open(from, "rb")
  if not source then return nil, why end
  local fresh = to:gsub("[^/\\]+$", ".%0.tmp")
  local target, reason = io.open(fresh, "wb")
  if not target then
    source:close()
    return nil, reason
  end
  local fine = true
  repeat
    local part = source:read(1 << 20)
    if part then fine = target:write(part) end
  until not part or not fine
  source:close()
  if not (target:close() and fine) then
    os.remove(fresh)
    return nil, "the disk is full or the folder is protected"
  end
  return os.rename(fresh, to)
end

return mailbox
