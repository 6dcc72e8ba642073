-- REAPER's own effects as far as the scripts see them: names, raw values from 0 to 1, and what is displayed.
-- The curves are this file's own, and bent, so that nobody gets by without asking the display.

local mock = require("mock")
local has = mock.has

local function log_scale(low, high, text)
  return function(raw) return text:format(low * (high / low) ^ raw) end
end

local function linear(low, high, text)
  return function(raw) return text:format(low + (high - low) * raw) end
end

local function decibels(top)
  return function(raw) return raw <= 0 and "-inf dB" or ("%.1f dB"):format(20 * math.log(raw, 10) + top) end
end

local function hertz(raw)
  local value = 20 * 1200 ^ raw
  return value >= 1000 and ("%.2f kHz"):format(value / 1000) or ("%.1f Hz"):format(value)
end

local function seconds(high)
  return function(raw)
    local value = high * raw ^ 3
    return value >= 1000 and ("%.3f s"):format(value / 1000) or ("%.2f ms"):format(value)
  end
end

mock.kinds = {
  ReaComp = {
    { "Threshold", decibels(6) }, { "Ratio", linear(1, 100, "%.2f : 1") }, { "Attack", seconds(500) },
    { "Release", seconds(5000) }, { "Pre-comp", seconds(250) }, { "Knee", linear(0, 24, "%.1f") },
    { "RMS size", seconds(1000) }, { "Hipass", linear(0, 20000, "%.0f Hz") }, { "Wet", decibels(12) },
    { "Dry", decibels(12) },
  },
  ReaLimit = {
    { "Threshold", linear(-60, 12, "%.2f dB") }, { "Brickwall ceiling", linear(-24, 0, "%.2f dB") },
    { "Release", seconds(1000) },
  },
  ReaGate = {
    { "Threshold", decibels(0) }, { "Attack", seconds(500) }, { "Release", seconds(5000) }, { "Hold", seconds(1000) },
    { "Pre-open", seconds(250) }, { "Hysteresis", linear(-60, 0, "%.1f dB") }, { "Dry", decibels(0) },
  },
  ReaDelay = {
    { "1: Length (musical)", linear(0, 64, "%.2f") }, { "1: Length (time)", seconds(10000) },
    { "1: Feedback", decibels(0) }, { "1: Lowpass", hertz }, { "1: Hipass", hertz }, { "Wet", decibels(12) },
    { "Dry", decibels(12) },
  },
  ReaVerbate = {
    { "Wet", decibels(6) }, { "Dry", decibels(6) }, { "Room size", linear(0, 100, "%.0f") },
    { "Dampening", linear(0, 100, "%.0f") }, { "Stereo width", linear(-1, 1, "%.2f") },
    { "Initial delay", seconds(1000) }, { "Lowpass", hertz }, { "Hipass", hertz },
  },
  ReaEQ = {},
}

local TYPE_OF = { [0] = 1, [1] = 4, [3] = 5, [4] = 0, [8] = 2 } -- as configured -> as read
local SCALES = { hertz, decibels(24), log_scale(0.01, 4, "%.2f") }
local FLAT = 10 ^ (-24 / 20) -- raw value of a gain of 0 dB

local function band(kind)
  return { type = kind, on = true, raw = { 0.5, FLAT, 0.5 } }
end

function mock.add_fx(track, kind, at)
  local fx = { kind = kind, name = ("VST: %s (Cockos)"):format(kind), on = true, raw = {}, offline = false }
  mock.fx_count = (mock.fx_count or 0) + 1
  fx.guid = ("{FX-%d}"):format(mock.fx_count)
  for index = 1, #mock.kinds[kind] do fx.raw[index] = 0.5 end
  if kind == "ReaEQ" then fx.bands = { band(1), band(2), band(2), band(4) } end
  table.insert(track.fx, at or #track.fx + 1, fx)
  return fx
end

local function of(track, fx) return track.fx[fx + 1] or error("there is no effect " .. fx, 0) end

-- name, raw values and place of a parameter, and its scale.
local function parameter(fx, index)
  if fx.bands then
    local one, what = fx.bands[index // 3 + 1], index % 3 + 1
    if not one then error("no parameter " .. index, 0) end
    local name = ({ "Freq", "Gain", "Q" })[what] .. "-Band " .. (index // 3 + 1)
    return name, one.raw, what, SCALES[what], one
  end
  local told = mock.kinds[fx.kind][index + 1] or error("no parameter " .. index, 0)
  return told[1], fx.raw, index + 1, told[2]
end

-- Band of that type, the nth from 0.
local function nth_band(fx, kind, nth)
  for _, one in ipairs(fx.bands or {}) do
    if one.type == kind then
      if nth == 0 then return one end
      nth = nth - 1
    end
  end
end

has("TrackFX_GetCount", "T", function(track) return #track.fx end)
has("TrackFX_AddByName", "Tsbi", function(track, name, _, where)
  local kind = name:match("^(%w+) %(Cockos%)$")
  if not mock.kinds[kind] then return -1 end
  local at = where <= -1000 and -1000 - where + 1 or #track.fx + 1
  mock.add_fx(track, kind, math.min(at, #track.fx + 1))
  return math.min(at, #track.fx) - 1
end)
has("TrackFX_GetFXGUID", "Ti", function(track, fx) return of(track, fx).guid end)
has("TrackFX_GetFXName", "Ti|s", function(track, fx) return true, of(track, fx).name end)
has("TrackFX_GetNamedConfigParm", "Tis", function(track, fx, name)
  if name ~= "fx_name" then error("no configuration " .. name, 0) end
  return true, ("VST: %s (Cockos)"):format(of(track, fx).kind)
end)
has("TrackFX_SetNamedConfigParm", "Tiss", function(track, fx, name, value)
  local number = tonumber(name:match("^BANDTYPE(%d+)$") or error("no configuration " .. name, 0))
  local kind = TYPE_OF[tonumber(value)]
  local one = of(track, fx).bands[number + 1]
  if not kind or not one or mock.stubborn then return false end
  one.type = kind
  return true
end)
has("TrackFX_GetEnabled", "Ti", function(track, fx) return of(track, fx).on end)
has("TrackFX_GetOffline", "Ti", function(track, fx) return of(track, fx).offline end)
has("TrackFX_GetNumParams", "Ti", function(track, fx)
  local one = of(track, fx)
  return one.bands and 3 * #one.bands or #mock.kinds[one.kind]
end)
has("TrackFX_GetParamName", "Tii|s", function(track, fx, index) return true, (parameter(of(track, fx), index)) end)
has("TrackFX_GetParamNormalized", "Tii", function(track, fx, index)
  local _, raw, at = parameter(of(track, fx), index)
  return raw[at]
end)
has("TrackFX_SetParamNormalized", "Tiin", function(track, fx, index, value)
  local name, raw, at = parameter(of(track, fx), index)
  if name == mock.stuck then return false end
  raw[at] = math.max(0.0, math.min(1.0, value))
  return true
end)
has("TrackFX_FormatParamValueNormalized", "Tiin|s", function(track, fx, index, value)
  local _, _, _, scale = parameter(of(track, fx), index)
  return true, scale(value)
end)
has("TrackFX_GetFormattedParamValue", "Tii|s", function(track, fx, index)
  local _, raw, at, scale = parameter(of(track, fx), index)
  return true, scale(raw[at])
end)
has("TrackFX_GetEQParam", "Tii", function(track, fx, index)
  local one = of(track, fx)
  if not one.bands then return false, 0, 0, 0, 0.0 end
  local _, raw, at, _, found = parameter(one, index)
  local nth = 0
  for _, each in ipairs(one.bands) do
    if each == found then break end
    if each.type == found.type then nth = nth + 1 end
  end
  return true, found.type, nth, at - 1, raw[at]
end)
has("TrackFX_GetEQBandEnabled", "Tiii", function(track, fx, kind, nth)
  local one = nth_band(of(track, fx), kind, nth)
  return one ~= nil and one.on
end)
has("TrackFX_SetEQBandEnabled", "Tiiib", function(track, fx, kind, nth, on)
  local one = nth_band(of(track, fx), kind, nth)
  if one then one.on = on end
  return one ~= nil
end)
has("GetFXEnvelope", "Tiib", function(track, fx, index)
  return of(track, fx).automated == (parameter(of(track, fx), index)) and {} or nil
end)

-- What the effects of a track display: {kind, guid, shown = {name = text}, bands = {{type, on, "..", "..", ".."}}}.
function mock.shown(track)
  local found = {}
  for at, fx in ipairs(track.fx) do
    local one = { kind = fx.kind, guid = fx.guid, shown = {}, bands = {} }
    for index, told in ipairs(mock.kinds[fx.kind]) do one.shown[told[1]] = told[2](fx.raw[index]) end
    for number, each in ipairs(fx.bands or {}) do
      one.bands[number] = { type = each.type, on = each.on,
        hz = hertz(each.raw[1]), db = SCALES[2](each.raw[2]), octaves = SCALES[3](each.raw[3]) }
    end
    found[at] = one
  end
  return found
end

return mock
