-- Original and result side by side: heard in turn at one loudness, and one of them kept, each as one undo point.

local json = require("json")
local project = require("project")
local importing = require("importing")

local comparing = {}

local DELETE_ACTIVE_TAKE = 40129 -- Take: Delete active take from items

local FINDERS = { take = project.take, item = project.item, track = project.track }

local function found(side)
  local find = FINDERS[side.kind]
  return find and find(side.guid)
end

local function set_volume(side, thing, factor)
  local volume = (json.field(side, "volume", "number") or 1) * factor
  if side.kind == "take" then reaper.SetMediaItemTakeInfo_Value(thing, "D_VOL", volume) end
  if side.kind == "item" then reaper.SetMediaItemInfo_Value(thing, "D_VOL", volume) end
  if side.kind == "track" then reaper.SetMediaTrackInfo_Value(thing, "D_VOL", volume) end
end

local function switch(side, thing, on)
  if side.kind == "take" and on then reaper.SetActiveTake(thing) end
  if side.kind == "item" then reaper.SetMediaItemInfo_Value(thing, "B_MUTE", on and 0 or 1) end
  if side.kind == "track" then reaper.SetMediaTrackInfo_Value(thing, "B_MUTE", on and 0 or 1) end
end

-- What the louder side is turned down by, as factors for originals and results.
local function factors(part, matched)
  local before, after = json.field(part, "before", "number"), json.field(part, "after", "number")
  if not (matched and before and after) then return { originals = 1, results = 1 } end
  local louder_db = after - before
  return {
    originals = louder_db < 0 and 10 ^ (louder_db / 20) or 1,
    results = louder_db > 0 and 10 ^ (-louder_db / 20) or 1,
  }
end

-- heard: "originals" or "results". matched: at one loudness; else as they are.
local function hear(part, heard, matched)
  local factor = factors(part, matched)
  for _, name in ipairs({ "originals", "results" }) do
    for _, side in ipairs(part[name]) do
      local thing = found(side)
      if thing then
        switch(side, thing, name == heard)
        set_volume(side, thing, factor[name])
      end
    end
  end
end

-- Both sides of every part must be there, or nothing is touched.
local function must_be_there(version)
  for _, part in ipairs(version.parts) do
    for _, name in ipairs({ "originals", "results" }) do
      for _, side in ipairs(part[name]) do
        if not found(side) then
          project.refuse(("%s is not complete any more: something of it was removed."):format(part.name))
        end
      end
    end
  end
end

local function selected_guids()
  local chosen = {}
  for index = 0, reaper.CountSelectedMediaItems(0) - 1 do
    local item = reaper.GetSelectedMediaItem(0, index)
    chosen[project.item_guid(item)] = true
    for number = 0, reaper.CountTakes(item) - 1 do chosen[project.take_guid(reaper.GetTake(item, number))] = true end
  end
  for index = 0, reaper.CountSelectedTracks(0) - 1 do
    chosen[reaper.GetTrackGUID(reaper.GetSelectedTrack(0, index))] = true
  end
  return chosen
end

local function has_any(version, chosen)
  for _, part in ipairs(version.parts) do
    for _, name in ipairs({ "originals", "results" }) do
      for _, side in ipairs(part[name]) do
        if chosen[side.guid] then return true end
      end
    end
  end
  return false
end

-- The newest version of what is selected; where nothing of one is, the newest.
function comparing.meant()
  local versions, chosen = project.remembered(importing.VERSIONS), selected_guids()
  for index = #versions, 1, -1 do
    if has_any(versions[index], chosen) then return versions[index] end
  end
  return versions[#versions]
end

local function replaced(version)
  local versions = project.remembered(importing.VERSIONS)
  for index, one in ipairs(versions) do
    if one.id == version.id then versions[index] = version end
  end
  project.remember(importing.VERSIONS, versions)
end

-- Toggles what is heard, at equal loudness. Returns what is heard now, or nil and a sentence.
function comparing.audition(version)
  local now = version.heard == "results" and "originals" or "results"
  local fine, why = project.as_one("hear the " .. (now == "results" and "result" or "original"), function()
    must_be_there(version)
    for _, part in ipairs(version.parts) do hear(part, now, true) end
    version.heard = now
    replaced(version)
  end)
  if not fine then return nil, why end
  return now
end

function comparing.accept(version)
  return project.as_one(("keep %q"):format(version.words), function()
    must_be_there(version)
    for _, part in ipairs(version.parts) do hear(part, "results", false) end
    project.forget(importing.VERSIONS, version.id)
  end)
end

local function without_take(take)
  local item, chosen = reaper.GetMediaItemTake_Item(take), {}
  for index = 0, reaper.CountMediaItems(0) - 1 do
    local each = reaper.GetMediaItem(0, index)
    chosen[project.item_guid(each)] = reaper.IsMediaItemSelected(each)
    reaper.SetMediaItemSelected(each, each == item)
  end
  reaper.SetActiveTake(take)
  reaper.Main_OnCommand(DELETE_ACTIVE_TAKE, 0)
  for index = 0, reaper.CountMediaItems(0) - 1 do
    local each = reaper.GetMediaItem(0, index)
    reaper.SetMediaItemSelected(each, chosen[project.item_guid(each)] or false)
  end
end

local function without(side)
  local thing = found(side)
  if not thing then return end
  if side.kind == "take" then without_take(thing) end
  if side.kind == "item" then reaper.DeleteTrackMediaItem(reaper.GetMediaItem_Track(thing), thing) end
  if side.kind == "track" then reaper.DeleteTrack(thing) end
end

-- The item's length as it was, where no hand has changed it since.
local function as_it_was(part)
  local was = json.field(part, "was", "table")
  local item = was and project.item(was.item)
  if not item then return end
  local grown = json.field(was, "grown", "number")
  if grown and math.abs(reaper.GetMediaItemInfo_Value(item, "D_LENGTH") - grown) < 1e-6 then
    reaper.SetMediaItemInfo_Value(item, "D_LENGTH", was.length)
    reaper.SetMediaItemInfo_Value(item, "B_LOOPSRC", was.loop)
  end
end

function comparing.reject(version)
  return project.as_one(("without %q"):format(version.words), function()
    must_be_there(version)
    for _, part in ipairs(version.parts) do
      for _, side in ipairs(part.results) do without(side) end
      hear({ originals = part.originals, results = json.list() }, "originals", false)
      as_it_was(part)
    end
    project.forget(importing.VERSIONS, version.id)
  end)
end

-- Runs one of the above on the version that is meant, and says what went wrong.
function comparing.run(work)
  local version = comparing.meant()
  if not version then return project.say("There is no result to compare. Send something first.") end
  local fine, why = work(version)
  if not fine then project.say(why) end
end

return comparing
