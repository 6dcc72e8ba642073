-- A strict REAPER: an unknown call, a wrong number or type of arguments, and a pointer to what was deleted are errors.
-- mock.project is what the project holds; mock.log counts undo points, refreshes and renders.

local mock = {}

local project = {
  tracks = {}, extstate = {}, render = {}, render_text = {}, range = { 0, 0 }, path = "/tmp", cursor = 0,
}
mock.project = project
mock.log = { undo = {}, depth = 0, refresh = 0, boxes = {}, commands = {}, renders = {}, deferred = {}, urls = {} }
mock.answers = {} -- of GetUserInputs: a text, or false for Cancel
mock.menu = {} -- of gfx.showmenu
mock.keys = {} -- of gfx.getchar
mock.lengths = {} -- of sound files, in s
mock.rendering = nil -- function(path): writes the file, or does not
mock.on_command = nil -- called before each command

local log = mock.log
local guids, clock = 0, 0

local function guid()
  guids = guids + 1
  return ("{%08X-0000-4000-8000-000000000000}"):format(guids)
end

-- Types of arguments -------------------------------------------------------------------------------------------------

local NAMES = { T = "MediaTrack*", I = "MediaItem*", K = "MediaItem_Take*", S = "PCM_source*" }

local function fits(letter, value)
  local kind = type(value)
  if letter == "p" then return value == 0 end
  if letter == "i" then return math.type(value) == "integer" end
  if letter == "n" then return kind == "number" and value == value end
  if letter == "s" then return kind == "string" end
  if letter == "b" then return kind == "boolean" end
  if letter == "f" then return kind == "function" end
  if letter == "*" then return kind == "table" end
  return kind == "table" and value.is == NAMES[letter] and not value.gone
end

local calls = {}
reaper = setmetatable({}, {
  __index = function(_, name) error(("REAPER has no function %q"):format(tostring(name)), 2) end,
  __newindex = function(_, name) error(("nobody writes reaper.%s"):format(tostring(name)), 2) end,
})

-- signature: one letter an argument; behind "|" those that may be left out.
local function has(name, signature, work)
  local needed, optional = signature:match("^([^|]*)|?(.*)$")
  local letters = needed .. optional
  rawset(reaper, name, function(...)
    local count = select("#", ...)
    if count < #needed or count > #letters then
      error(("%s takes %d to %d arguments, not %d"):format(name, #needed, #letters, count), 2)
    end
    for at = 1, count do
      local letter, value = letters:sub(at, at), (select(at, ...))
      if not fits(letter, value) then
        local what = type(value) == "table" and value.gone and "something deleted" or tostring(value)
        error(("%s: argument %d is %s, expected %s"):format(name, at, what, NAMES[letter] or letter), 2)
      end
    end
    calls[name] = (calls[name] or 0) + 1
    return work(...)
  end)
end
mock.has, mock.calls = has, calls

-- The project --------------------------------------------------------------------------------------------------------

local function thing(letter, values)
  return { is = NAMES[letter], guid = guid(), values = values, texts = { P_NAME = "" } }
end

function mock.add_track(name)
  local track = thing("T", { D_VOL = 1.0, D_PAN = 0.0, B_MUTE = 0.0, I_FXEN = 1.0, I_SOLO = 0.0 })
  track.items, track.fx, track.selected, track.texts.P_NAME = {}, {}, false, name or ""
  table.insert(project.tracks, track)
  return track
end

function mock.add_item(track, position, length)
  local item = thing("I", { D_POSITION = position, D_LENGTH = length, B_LOOPSRC = 1.0, B_MUTE = 0.0, D_VOL = 1.0 })
  item.track, item.takes, item.selected, item.active = track, {}, false, nil
  table.insert(track.items, item)
  return item
end

function mock.add_take(item, path, length)
  local take = thing("K", {
    D_STARTOFFS = 0.0, D_PLAYRATE = 1.0, D_PITCH = 0.0, I_CHANMODE = 0.0, D_VOL = 1.0, D_PAN = 0.0,
  })
  take.item, take.fx, take.envelopes, take.midi = item, 0, 0, false
  take.source = path and { is = NAMES.S, path = path, length = length } or nil
  table.insert(item.takes, take)
  item.active = item.active or take
  return take
end

function mock.track(guid)
  for _, track in ipairs(project.tracks) do if track.guid == guid then return track end end
end

local function items()
  local found = {}
  for _, track in ipairs(project.tracks) do
    for _, item in ipairs(track.items) do found[#found + 1] = item end
  end
  return found
end

local function selected(list)
  local found = {}
  for _, each in ipairs(list) do if each.selected then found[#found + 1] = each end end
  return found
end

local function removed(list, value)
  for index, each in ipairs(list) do
    if each == value then
      table.remove(list, index)
      return true
    end
  end
  return false
end

function mock.delete_item(item)
  for _, take in ipairs(item.takes) do take.gone = true end
  item.gone = true
  return removed(item.track.items, item)
end

function mock.delete_track(track)
  while track.items[1] do mock.delete_item(track.items[1]) end
  track.gone = true
  return removed(project.tracks, track)
end

local function index_of(list, value)
  for index, each in ipairs(list) do if each == value then return index end end
end

local function valued(letter, unknown)
  return function(object, name)
    if name == "IP_TRACKNUMBER" then return index_of(project.tracks, object) + 0.0 end
    if object.values[name] == nil then error(("%s has no value %s"):format(NAMES[letter], name), 0) end
    return object.values[name]
  end, function(object, name, value)
    if object.values[name] == nil then error(("%s has no value %s"):format(NAMES[letter], name), 0) end
    object.values[name] = value + 0.0
    return true
  end
end

local function textual(object, name, text, set)
  if name == "GUID" then
    if set then error("nobody sets a GUID", 0) end
    return true, object.guid
  end
  if object.texts[name] == nil then error("no text " .. name, 0) end
  if set then object.texts[name] = text end
  return true, object.texts[name]
end

for letter, name in pairs({ T = "MediaTrack", I = "MediaItem", K = "MediaItemTake" }) do
  local get, set = valued(letter)
  has(letter == "T" and "GetMediaTrackInfo_Value" or ("Get%sInfo_Value"):format(name), letter .. "s", get)
  has(letter == "T" and "SetMediaTrackInfo_Value" or ("Set%sInfo_Value"):format(name), letter .. "sn", set)
  has(("GetSet%sInfo_String"):format(name), letter .. "ssb", textual)
end

has("CountTracks", "|p", function() return #project.tracks end)
has("GetTrack", "pi", function(_, index) return project.tracks[index + 1] end)
has("GetTrackGUID", "T", function(track) return track.guid end)
has("IsTrackSelected", "T", function(track) return track.selected end)
has("SetTrackSelected", "Tb", function(track, on) track.selected = on end)
has("CountSelectedTracks", "|p", function() return #selected(project.tracks) end)
has("GetSelectedTrack", "pi", function(_, index) return selected(project.tracks)[index + 1] end)
has("CountTrackMediaItems", "T", function(track) return #track.items end)
has("GetTrackMediaItem", "Ti", function(track, index) return track.items[index + 1] end)
has("CountMediaItems", "|p", function() return #items() end)
has("GetMediaItem", "pi", function(_, index) return items()[index + 1] end)
has("IsMediaItemSelected", "I", function(item) return item.selected end)
has("SetMediaItemSelected", "Ib", function(item, on) item.selected = on end)
has("CountSelectedMediaItems", "|p", function() return #selected(items()) end)
has("GetSelectedMediaItem", "pi", function(_, index) return selected(items())[index + 1] end)
has("GetMediaItem_Track", "I", function(item) return item.track end)
has("CountTakes", "I", function(item) return #item.takes end)
has("GetTake", "Ii", function(item, index) return item.takes[index + 1] end)
has("GetActiveTake", "I", function(item) return item.active end)
has("SetActiveTake", "K", function(take) take.item.active = take end)
has("GetMediaItemTake_Item", "K", function(take) return take.item end)
has("TakeIsMIDI", "K", function(take) return take.midi end)
has("TakeFX_GetCount", "K", function(take) return take.fx end)
has("CountTakeEnvelopes", "K", function(take) return take.envelopes end)
has("GetMediaItemTake_Source", "K", function(take) return take.source end)
has("GetMediaSourceFileName", "S|s", function(source) return source.path end)
has("GetMediaSourceLength", "S", function(source) return source.length, false end)
has("InsertTrackAtIndex", "ib", function(index)
  local track = mock.add_track("")
  table.remove(project.tracks)
  table.insert(project.tracks, index + 1, track)
end)
has("DeleteTrack", "T", function(track) mock.delete_track(track) end)
has("AddMediaItemToTrack", "T", function(track) return mock.add_item(track, 0.0, 0.0) end)
has("DeleteTrackMediaItem", "TI", function(_, item) return mock.delete_item(item) end)
has("AddTakeToMediaItem", "I", function(item) return mock.add_take(item) end)
has("PCM_Source_CreateFromFile", "s", function(path)
  local length = mock.length_s(path)
  return length and { is = NAMES.S, path = path, length = length } or nil
end)
has("SetMediaItemTake_Source", "KS", function(take, source)
  take.source = source
  return true
end)
has("UpdateItemInProject", "I", function() end)
has("UpdateArrange", "", function() end)
has("GetProjectPath", "|s", function() return project.path end)
has("GetProjExtState", "pss", function(_, section, key)
  local text = project.extstate[section .. "/" .. key] or ""
  return text ~= "" and 1 or 0, text
end)
has("SetProjExtState", "psss", function(_, section, key, text)
  project.extstate[section .. "/" .. key] = text
  return #text
end)

-- Undo, dialogs, time ------------------------------------------------------------------------------------------------

has("Undo_BeginBlock2", "p", function() log.depth = log.depth + 1 end)
has("Undo_EndBlock2", "psi", function(_, name)
  if log.depth < 1 then error("an undo block is closed that was not opened", 0) end
  log.depth = log.depth - 1
  if log.depth == 0 then table.insert(log.undo, name) end
end)
has("PreventUIRefresh", "i", function(by) log.refresh = log.refresh + by end)
has("ShowMessageBox", "ssi", function(text)
  table.insert(log.boxes, text)
  return 1
end)
has("GetUserInputs", "siss", function(_, count, captions, values)
  local answer = table.remove(mock.answers, 1)
  if answer == nil then error("a dialog that nobody expected", 0) end
  mock.log.asked = { count = count, captions = captions, values = values }
  if answer == false then return false, values end
  return true, answer
end)
has("defer", "f", function(work)
  table.insert(log.deferred, work)
  return true
end)
has("time_precise", "", function() return mock.now() end)
has("genGuid", "s", function() return ("{%08X-0000-4000-8000-00000000%04X}"):format(math.random(0, 0xFFFFFFFF), guids) end)
has("GetOS", "", function() return "Other" end)

local began = os.time()
mock.late_s = 0
function mock.now() return os.time() - began + os.clock() % 1 + mock.late_s end

mock.items, mock.selected, mock.removed = items, selected, removed

return mock
