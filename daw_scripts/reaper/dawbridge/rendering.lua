-- Stems by REAPER's own renderer. Every render setting, the selection and the time selection are put back, whatever happens.

local project = require("project")
local mailbox = require("mailbox")

local rendering = {}

local NUMBERS = {
  "RENDER_SETTINGS", "RENDER_BOUNDSFLAG", "RENDER_CHANNELS", "RENDER_SRATE", "RENDER_STARTPOS", "RENDER_ENDPOS",
  "RENDER_TAILFLAG", "RENDER_TAILMS", "RENDER_ADDTOPROJ", "RENDER_DITHER", "RENDER_NORMALIZE",
  "RENDER_NORMALIZE_TARGET", "RENDER_BRICKWALL", "RENDER_FADEIN", "RENDER_FADEOUT", "RENDER_FADEINSHAPE",
  "RENDER_FADEOUTSHAPE", "RENDER_PADSTART", "RENDER_PADEND", "RENDER_TRIMSTART", "RENDER_TRIMEND",
}
local TEXTS = { "RENDER_FILE", "RENDER_PATTERN", "RENDER_FORMAT", "RENDER_FORMAT2" }
local STEMS, ITEMS = 2, 32 -- RENDER_SETTINGS: selected tracks only; selected media items
local CUSTOM, OF_ITEMS = 0, 4 -- RENDER_BOUNDSFLAG
local FLOAT_WAV = "ZXZhdyAAAA==" -- "evaw", 32 bits
local RENDER_NOW = 42230 -- File: render project, using the most recent settings, auto-close
local DRY = { I_FXEN = 0, D_VOL = 1, D_PAN = 0 } -- a track without its effects and fader

local function kept_settings()
  local kept = { numbers = {}, texts = {} }
  for _, name in ipairs(NUMBERS) do kept.numbers[name] = reaper.GetSetProjectInfo(0, name, 0, false) end
  for _, name in ipairs(TEXTS) do
    local _, text = reaper.GetSetProjectInfo_String(0, name, "", false)
    kept.texts[name] = text
  end
  kept.from, kept.to = reaper.GetSet_LoopTimeRange2(0, false, false, 0, 0, false)
  return kept
end

local function put_back_settings(kept)
  for _, name in ipairs(TEXTS) do reaper.GetSetProjectInfo_String(0, name, kept.texts[name], true) end
  for _, name in ipairs(NUMBERS) do reaper.GetSetProjectInfo(0, name, kept.numbers[name], true) end
  reaper.GetSet_LoopTimeRange2(0, true, false, kept.from, kept.to, false)
end

local function kept_selection()
  local kept = { tracks = {}, items = {} }
  for index = 0, reaper.CountTracks(0) - 1 do
    local track = reaper.GetTrack(0, index)
    kept.tracks[reaper.GetTrackGUID(track)] = reaper.IsTrackSelected(track)
  end
  for index = 0, reaper.CountMediaItems(0) - 1 do
    local item = reaper.GetMediaItem(0, index)
    kept.items[project.item_guid(item)] = reaper.IsMediaItemSelected(item)
  end
  return kept
end

-- chosen: GUIDs that are selected; the rest is not.
local function select_only(tracks, items)
  for index = 0, reaper.CountTracks(0) - 1 do
    local track = reaper.GetTrack(0, index)
    reaper.SetTrackSelected(track, tracks[reaper.GetTrackGUID(track)] or false)
  end
  for index = 0, reaper.CountMediaItems(0) - 1 do
    local item = reaper.GetMediaItem(0, index)
    reaper.SetMediaItemSelected(item, items[project.item_guid(item)] or false)
  end
end

-- What a part asks of the renderer: settings, bounds, and what is selected.
local function asked(part)
  if part.item and part.place == "before" then return ITEMS, OF_ITEMS, {}, { [part.item] = true } end
  return STEMS, CUSTOM, { [part.track] = true }, {}
end

local function set_up(part, folder, name)
  local settings, bounds, tracks, items = asked(part)
  local numbers = {
    RENDER_SETTINGS = settings, RENDER_BOUNDSFLAG = bounds, RENDER_CHANNELS = 2, RENDER_SRATE = 0,
    RENDER_STARTPOS = part.position, RENDER_ENDPOS = part.position + part.length, RENDER_TAILFLAG = 0,
    RENDER_TAILMS = 0, RENDER_ADDTOPROJ = 0, RENDER_DITHER = 0, RENDER_NORMALIZE = 0,
  }
  for key, value in pairs(numbers) do reaper.GetSetProjectInfo(0, key, value, true) end
  local texts = { RENDER_FILE = folder, RENDER_PATTERN = name, RENDER_FORMAT = FLOAT_WAV, RENDER_FORMAT2 = "" }
  for key, text in pairs(texts) do reaper.GetSetProjectInfo_String(0, key, text, true) end
  select_only(tracks, items)
end

-- Runs `work` with the track as it is without effects and fader, where that is asked for.
local function dry(part, work)
  local track = project.track(part.track) or project.refuse(("The track of %s is gone."):format(part.name))
  if part.item or part.place ~= "before" then return work() end
  local was = {}
  for name, value in pairs(DRY) do
    was[name] = reaper.GetMediaTrackInfo_Value(track, name)
    reaper.SetMediaTrackInfo_Value(track, name, value)
  end
  local fine, why = pcall(work)
  for name, value in pairs(was) do reaper.SetMediaTrackInfo_Value(track, name, value) end
  if not fine then error(why, 0) end
end

local function rendered(part, folder, name)
  set_up(part, folder, name)
  local _, targets = reaper.GetSetProjectInfo_String(0, "RENDER_TARGETS", "", false)
  local path = targets:match("^([^;]+)") or mailbox.joined(folder, name .. ".wav")
  dry(part, function() reaper.Main_OnCommand(RENDER_NOW, 0) end)
  local file = io.open(path, "rb")
  if not file then project.refuse(("REAPER rendered nothing for %s. Is it muted or empty?"):format(part.name)) end
  file:close()
  part.path, part.kind, part.rate, part.offset = path, "rendered", 1, 0
end

-- Gives each part its `path`. parts: {name, track, item?, place, position, length}. Returns true, or false and why.
function rendering.render(parts, folder, id)
  local settings, selection = kept_settings(), kept_selection()
  return project.and_after(function()
    for number, part in ipairs(parts) do rendered(part, folder, ("%s-%d"):format(id, number)) end
  end, function()
    put_back_settings(settings)
    select_only(selection.tracks, selection.items)
  end)
end

return rendering
