-- Results back into the project: a new take, an item on its own track, or a new track, in one undo point.

local mailbox = require("mailbox")
local project = require("project")
local json = require("json")

local importing = {}

importing.VERSIONS = "versions" -- original and result side by side, until one is kept

local function number(object, name, otherwise)
  return json.field(object, name, "number") or otherwise
end

-- What came back for a part: {output, offset_s, start_s, before, after}; nil where nothing was done to it.
local function result_for(part, pending, result)
  local found = result
  if #pending.parts > 1 then
    found = json.field(json.field(result, "stems", "table") or {}, part.name, "table")
  end
  return found and json.field(found, "output", "string") and found or nil
end

-- A copy beside the project's own media, so that the project does not depend on the bridge's folders.
local function in_project(output, part, id)
  local ending = output:match("%.(%w+)$") or "wav"
  local name = ("%s-dawbridge-%s.%s"):format(part.name:gsub("[^%w%-_ ]", "_"), id, ending)
  local path = mailbox.joined(reaper.GetProjectPath(""), name)
  local copied, why = mailbox.copy(output, path)
  if not copied then project.refuse(("%s cannot be copied to the project: %s"):format(output, why)) end
  return path
end

local function source_of(path)
  local source = reaper.PCM_Source_CreateFromFile(path)
  if not source then project.refuse(("REAPER cannot read %s."):format(path)) end
  return source, (reaper.GetMediaSourceLength(source))
end

local function named(take, part, words)
  reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", ("%s (%s)"):format(part.name, words), true)
end

local function side(kind, guid, thing)
  local volume
  if kind == "take" then volume = reaper.GetMediaItemTakeInfo_Value(thing, "D_VOL") end
  if kind == "item" then volume = reaper.GetMediaItemInfo_Value(thing, "D_VOL") end
  if kind == "track" then volume = reaper.GetMediaTrackInfo_Value(thing, "D_VOL") end
  return { kind = kind, guid = guid, volume = volume }
end

-- A new take on the item that was sent. The item grows where the result goes on sounding.
local function as_take(part, words, path, offset_s)
  local item = project.item(part.item) or project.refuse(("The item of %s is gone."):format(part.name))
  local original = project.take(part.take) or project.refuse(("The take of %s is gone."):format(part.name))
  local source, length = source_of(path)
  local take = reaper.AddTakeToMediaItem(item)
  reaper.SetMediaItemTake_Source(take, source)
  reaper.SetMediaItemTakeInfo_Value(take, "D_PLAYRATE", part.rate)
  reaper.SetMediaItemTakeInfo_Value(take, "D_STARTOFFS", part.offset - offset_s)
  named(take, part, words)
  local was = {
    item = part.item,
    length = reaper.GetMediaItemInfo_Value(item, "D_LENGTH"),
    loop = reaper.GetMediaItemInfo_Value(item, "B_LOOPSRC"),
  }
  local needed = (length + offset_s - part.offset) / part.rate
  if needed > was.length + 1e-6 then
    was.grown = needed
    reaper.SetMediaItemInfo_Value(item, "D_LENGTH", needed)
    reaper.SetMediaItemInfo_Value(item, "B_LOOPSRC", 0)
  end
  reaper.SetActiveTake(take)
  reaper.UpdateItemInProject(item)
  return { side("take", part.take, original) }, { side("take", project.take_guid(take), take) }, was
end

local function new_item(track, part, words, path, at)
  local source, length = source_of(path)
  local item = reaper.AddMediaItemToTrack(track)
  local take = reaper.AddTakeToMediaItem(item)
  reaper.SetMediaItemTake_Source(take, source)
  reaper.SetMediaItemTakeInfo_Value(take, "D_PLAYRATE", part.rate)
  reaper.SetMediaItemInfo_Value(item, "B_LOOPSRC", 0)
  reaper.SetMediaItemInfo_Value(item, "D_POSITION", at)
  reaper.SetMediaItemInfo_Value(item, "D_LENGTH", length / part.rate)
  named(take, part, words)
  reaper.SetActiveTake(take)
  reaper.UpdateItemInProject(item)
  return item
end

-- An item on the part's own track; what it stands for is muted.
local function on_its_track(part, words, path, at)
  local track = project.track(part.track) or project.refuse(("The track of %s is gone."):format(part.name))
  local originals = {}
  for index = 0, reaper.CountTrackMediaItems(track) - 1 do
    local item = reaper.GetTrackMediaItem(track, index)
    local from = reaper.GetMediaItemInfo_Value(item, "D_POSITION")
    local within = from >= part.position - 1e-6 and from < part.position + part.length
    if within and reaper.GetMediaItemInfo_Value(item, "B_MUTE") == 0 then
      originals[#originals + 1] = side("item", project.item_guid(item), item)
      reaper.SetMediaItemInfo_Value(item, "B_MUTE", 1)
    end
  end
  local item = new_item(track, part, words, path, at)
  return originals, { side("item", project.item_guid(item), item) }
end

-- A new track below the part's own; the item or track that it stands for is muted.
local function on_new_track(part, words, path, at)
  local track = project.track(part.track) or project.refuse(("The track of %s is gone."):format(part.name))
  local original
  if part.item then
    local item = project.item(part.item) or project.refuse(("The item of %s is gone."):format(part.name))
    original = side("item", part.item, item)
    reaper.SetMediaItemInfo_Value(item, "B_MUTE", 1)
  else
    original = side("track", part.track, track)
    reaper.SetMediaTrackInfo_Value(track, "B_MUTE", 1)
  end
  local index = math.tointeger(reaper.GetMediaTrackInfo_Value(track, "IP_TRACKNUMBER"))
  reaper.InsertTrackAtIndex(index, false)
  local fresh = reaper.GetTrack(0, index)
  reaper.GetSetMediaTrackInfo_String(fresh, "P_NAME", ("%s (%s)"):format(part.name, words), true)
  new_item(fresh, part, words, path, at)
  return { original }, { side("track", reaper.GetTrackGUID(fresh), fresh) }
end

local function loudness(readings)
  local reading = json.field(readings or {}, "integrated_loudness", "table")
  return number(reading, "value")
end

local function one(part, pending, back, number_of)
  local offset_s = number(back, "offset_s", 0)
  local path = in_project(back.output, part, ("%s-%d"):format(pending.id, number_of))
  local at = part.position + offset_s / part.rate
  local originals, results, was
  if part.place == "after" or pending.into == "track" then
    originals, results = on_new_track(part, pending.words, path, at)
  elseif part.item then
    originals, results, was = as_take(part, pending.words, path, offset_s)
  else
    originals, results = on_its_track(part, pending.words, path, at)
  end
  return {
    name = part.name, originals = json.list(originals), results = json.list(results), was = was,
    before = loudness(json.field(back, "before", "table")), after = loudness(json.field(back, "after", "table")),
  }
end

-- All things that the request was made of must still be there, or nothing is touched.
local function must_be_there(pending)
  for _, part in ipairs(pending.parts) do
    if not project.track(part.track) then project.refuse(("The track of %s is gone; nothing was imported."):format(part.name)) end
    if part.item and not project.item(part.item) then
      project.refuse(("The item of %s is gone; nothing was imported."):format(part.name))
    end
  end
end

-- result: content of result.json. Returns how many came back, or nil and a sentence.
function importing.import(pending, result)
  local fine, got = project.as_one(("import %q"):format(pending.words), function()
    must_be_there(pending)
    local versions = json.list()
    for index, part in ipairs(pending.parts) do
      local back = result_for(part, pending, result)
      if back then versions[#versions + 1] = one(part, pending, back, index) end
    end
    if #versions > 0 then
      project.add(importing.VERSIONS, { id = pending.id, words = pending.words, heard = "results", parts = versions })
    end
    return #versions
  end)
  project.forget("pending", pending.id)
  if not fine then return nil, got end
  if got == 0 then return nil, json.field(result, "answer", "string") or "Nothing had to be done." end
  return got
end

return importing
