-- The open project: things by their GUID, one undo point for what belongs together, and what is remembered in it.
-- Nothing keeps a pointer or an index: what somebody removed meanwhile is not found, and that is told.

local json = require("json")

local project = {}

project.SECTION = "dawbridge" -- of the project's own remembered values, saved with it
project.TITLE = "dawbridge"

function project.say(text)
  reaper.ShowMessageBox(text, project.TITLE, 0)
end

-- Things by their GUID: the thing, or nil where it is gone -------------------------------------------------------------

function project.track(guid)
  for index = 0, reaper.CountTracks(0) - 1 do
    local track = reaper.GetTrack(0, index)
    if reaper.GetTrackGUID(track) == guid then return track end
  end
end

function project.item_guid(item)
  local _, guid = reaper.GetSetMediaItemInfo_String(item, "GUID", "", false)
  return guid
end

function project.take_guid(take)
  local _, guid = reaper.GetSetMediaItemTakeInfo_String(take, "GUID", "", false)
  return guid
end

function project.item(guid)
  for index = 0, reaper.CountMediaItems(0) - 1 do
    local item = reaper.GetMediaItem(0, index)
    if project.item_guid(item) == guid then return item end
  end
end

function project.take(guid)
  for index = 0, reaper.CountMediaItems(0) - 1 do
    local item = reaper.GetMediaItem(0, index)
    for number = 0, reaper.CountTakes(item) - 1 do
      local take = reaper.GetTake(item, number)
      if take and project.take_guid(take) == guid then return take end
    end
  end
end

function project.track_name(track)
  local _, name = reaper.GetSetMediaTrackInfo_String(track, "P_NAME", "", false)
  if name ~= "" then return name end
  return ("Track %d"):format(math.tointeger(reaper.GetMediaTrackInfo_Value(track, "IP_TRACKNUMBER")))
end

-- One undo point -------------------------------------------------------------------------------------------------------

local function traced(why)
  return type(why) == "table" and why or { text = tostring(why), trace = debug.traceback(why, 2) }
end

-- Ends the run with a sentence for the user; nothing else is an error that is meant.
function project.refuse(sentence)
  error({ text = sentence, meant = true }, 0)
end

-- Runs `work` as one undo point; the block is closed and the picture drawn again whatever happens.
-- Returns true and what `work` gave, or false and a sentence.
function project.as_one(name, work)
  reaper.PreventUIRefresh(1)
  reaper.Undo_BeginBlock2(0)
  local fine, got = xpcall(work, traced)
  reaper.Undo_EndBlock2(0, project.TITLE .. ": " .. name, -1)
  reaper.PreventUIRefresh(-1)
  reaper.UpdateArrange()
  if fine then return true, got end
  return false, project.sentence(got)
end

-- Runs `work` and then `after`, whatever happened; without an undo point.
function project.and_after(work, after)
  reaper.PreventUIRefresh(1)
  local fine, got = xpcall(work, traced)
  local also, why = xpcall(after, traced)
  reaper.PreventUIRefresh(-1)
  if not fine then return false, project.sentence(got) end
  if not also then return false, project.sentence(why) end
  return true, got
end

function project.sentence(why)
  if why.meant then return why.text end
  return "Something is wrong inside the script; please report it.\n" .. (why.trace or why.text)
end

-- What is remembered in the project ------------------------------------------------------------------------------------

-- A list of objects; what cannot be read is as if it were not there.
function project.remembered(key)
  local _, text = reaper.GetProjExtState(0, project.SECTION, key)
  local found = text ~= "" and json.decode(text) or nil
  return json.is_list(found) and found or json.list()
end

function project.remember(key, list)
  reaper.SetProjExtState(0, project.SECTION, key, json.encode(json.list(list)))
end

function project.add(key, entry)
  local list = project.remembered(key)
  list[#list + 1] = entry
  project.remember(key, list)
end

function project.forget(key, id)
  local left = json.list()
  for _, entry in ipairs(project.remembered(key)) do
    if entry.id ~= id then left[#left + 1] = entry end
  end
  project.remember(key, left)
end

return project
