-- What is selected, as parts: {name, track, item?, take?, position, length, rate, offset, place, path?, kind}.
-- GUIDs and numbers only, so that a part can be remembered. A part with `path` is read where it lies.

local project = require("project")

local parts = {}

local READABLE = { wav = true, wave = true, flac = true, aif = true, aiff = true, mp3 = true, ogg = true }
local SAME_S = 0.002

local function length_s(source)
  local length, in_beats = reaper.GetMediaSourceLength(source)
  return not in_beats and length or nil
end

-- The file that the take plays from its first to its last second, unchanged but for its rate; nil where it does more.
local function plain_source(item, take)
  local source = reaper.GetMediaItemTake_Source(take)
  local path = source and reaper.GetMediaSourceFileName(source, "") or ""
  local ending = path:match("%.(%w+)$")
  local length = ending and READABLE[ending:lower()] and length_s(source)
  if not length or reaper.TakeFX_GetCount(take) > 0 or reaper.CountTakeEnvelopes(take) > 0 then return nil end
  local value = function(name) return reaper.GetMediaItemTakeInfo_Value(take, name) end
  local heard = reaper.GetMediaItemInfo_Value(item, "D_LENGTH") * value("D_PLAYRATE")
  local whole = math.abs(value("D_STARTOFFS")) < SAME_S and math.abs(heard - length) < SAME_S
  local as_is = value("D_PITCH") == 0 and value("I_CHANMODE") == 0 and value("D_VOL") == 1 and value("D_PAN") == 0
  return whole and as_is and path or nil
end

local function of_item(item, place)
  local take = reaper.GetActiveTake(item)
  if not take or reaper.TakeIsMIDI(take) then return nil end
  local track = reaper.GetMediaItem_Track(item)
  local _, name = reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", "", false)
  local path = place == "before" and plain_source(item, take) or nil
  return {
    name = name ~= "" and name or project.track_name(track),
    track = reaper.GetTrackGUID(track),
    item = project.item_guid(item),
    take = project.take_guid(take),
    position = reaper.GetMediaItemInfo_Value(item, "D_POSITION"),
    length = reaper.GetMediaItemInfo_Value(item, "D_LENGTH"),
    rate = path and reaper.GetMediaItemTakeInfo_Value(take, "D_PLAYRATE") or 1,
    offset = 0,
    path = path,
    kind = path and "source" or "rendered",
    place = place,
  }
end

-- From its first item to its last.
local function of_track(track, place)
  local first, last
  for index = 0, reaper.CountTrackMediaItems(track) - 1 do
    local item = reaper.GetTrackMediaItem(track, index)
    local from = reaper.GetMediaItemInfo_Value(item, "D_POSITION")
    local to = from + reaper.GetMediaItemInfo_Value(item, "D_LENGTH")
    first, last = math.min(first or from, from), math.max(last or to, to)
  end
  if not first then return nil end
  return {
    name = project.track_name(track), track = reaper.GetTrackGUID(track), position = first, length = last - first,
    rate = 1, offset = 0, kind = "rendered", place = place,
  }
end

local function named_apart(found)
  local taken = {}
  for _, part in ipairs(found) do
    local name, number = part.name:gsub("[%c/\\:]", " "), 2
    while taken[name:lower()] or name:lower() == "mix" do
      name, number = ("%s %d"):format(part.name, number), number + 1
    end
    taken[name:lower()], part.name = true, name
  end
  return found
end

-- Selected items; where there are none, selected tracks. place: "before" or "after" the track's own effects.
function parts.selected(place)
  local found = {}
  for index = 0, reaper.CountSelectedMediaItems(0) - 1 do
    found[#found + 1] = of_item(reaper.GetSelectedMediaItem(0, index), place)
  end
  if #found == 0 then
    for index = 0, reaper.CountSelectedTracks(0) - 1 do
      found[#found + 1] = of_track(reaper.GetSelectedTrack(0, index), place)
    end
  end
  return named_apart(found)
end

-- Where in the project the first part begins, in seconds.
function parts.beginning(found)
  local first = math.huge
  for _, part in ipairs(found) do first = math.min(first, part.position) end
  return first
end

return parts
