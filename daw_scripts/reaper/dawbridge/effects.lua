-- Carries out orders of the bridge on REAPER's own effects, and gives an account of what it read back.
-- Effects that are on the track and can do a step are adjusted; what is missing is inserted before or after the others.

local json = require("json")
local project = require("project")
local display = require("display")

local effects = {}

local TRIES = 3
-- What ReaEQ calls its kinds of bands when they are set, by what it calls them when they are read.
local CONFIGURED = { [0] = { 4, 0 }, [1] = { 0, 1 }, [2] = { 8, 2 }, [4] = { 1, 4 }, [5] = { 3, 5 } }
local BY_GAIN = { [1] = true, [2] = true, [4] = true }
local FREQUENCY, GAIN, WIDTH = 0, 1, 2

local function near(got, wanted)
  if got == wanted then return true end
  if wanted <= -100 and got <= -100 then return true end -- silence, whatever it is displayed as
  return math.abs(got - wanted) <= math.max(0.02 * math.abs(wanted), 0.1)
end

-- JSON has no infinity.
local function finite(number)
  if not number then return nil end
  return math.max(-1000, math.min(1e9, number))
end

local function told(step, track, device, name, wanted)
  return {
    step = step, track = project.track_name(track), device = device, parameter = name, of = wanted.of or "",
    asked = wanted.value + 0.0, unit = wanted.unit or "", verdict = "failed", reason = "",
  }
end

-- Sets a parameter to what shall be displayed, and reads it back. entry: of the account, filled in here.
local function set(one, wanted, entry)
  local before, text_before = display.now(one)
  entry.before, entry.asked = finite(before), wanted
  if reaper.GetFXEnvelope(one.track, one.fx, one.index, false) then
    entry.reason, entry.shown = "it is automated; its envelope would win", text_before
    return entry
  end
  local raw = display.raw_value(function(value) return (display.at(one, value)) end, wanted)
  if not raw then
    entry.reason = "what it displays is no number"
    return entry
  end
  for _ = 1, TRIES do
    reaper.TrackFX_SetParamNormalized(one.track, one.fx, one.index, raw)
    if math.abs(reaper.TrackFX_GetParamNormalized(one.track, one.fx, one.index) - raw) < 1e-3 then break end
  end
  local aimed = display.at(one, raw)
  local got, text = display.now(one)
  entry.got, entry.shown = finite(got), text
  if not got or not near(got, aimed or got) then
    entry.reason = "it was set and did not stay"
  elseif near(got, wanted) then
    entry.verdict = "applied"
  else
    entry.verdict, entry.reason = "clamped", text .. " is the nearest it goes"
  end
  return entry
end

-- What is on the track ---------------------------------------------------------------------------------------------------

-- The name that an effect came with, also where somebody has renamed it.
local function called(track, fx)
  local fine, name = reaper.TrackFX_GetNamedConfigParm(track, fx, "fx_name")
  if fine and name ~= "" then return name end
  local _, shown = reaper.TrackFX_GetFXName(track, fx, "")
  return shown
end

local function with_guid(track, guid)
  for fx = 0, reaper.TrackFX_GetCount(track) - 1 do
    if reaper.TrackFX_GetFXGUID(track, fx) == guid then return fx end
  end
end

local function parameter_called(track, fx, names)
  for _, name in ipairs(names) do
    for index = 0, reaper.TrackFX_GetNumParams(track, fx) - 1 do
      local one = display.parameter(track, fx, index)
      if one.name:lower() == name:lower() then return one end
    end
  end
end

-- ReaEQ's bands in their order: {number, type, nth, [FREQUENCY], [GAIN], [WIDTH]}, each a parameter.
local function bands_of(track, fx)
  local found, by_name = {}, {}
  for index = 0, reaper.TrackFX_GetNumParams(track, fx) - 1 do
    local is, kind, nth, what = reaper.TrackFX_GetEQParam(track, fx, index)
    if is and kind >= 0 then
      local name = kind .. "/" .. nth
      if not by_name[name] then
        by_name[name] = { number = #found, type = kind, nth = nth }
        found[#found + 1] = by_name[name]
      end
      by_name[name][what] = display.parameter(track, fx, index)
    end
  end
  return found
end

-- Whether nobody hears the band: switched off, or a bell or shelf without gain.
local function is_free(track, fx, band)
  if not reaper.TrackFX_GetEQBandEnabled(track, fx, band.type, band.nth) then return true end
  if not BY_GAIN[band.type] or not band[GAIN] then return false end
  return math.abs(display.now(band[GAIN]) or 1) < 0.05
end

local function free_bands(track, fx)
  local free = {}
  for _, band in ipairs(bands_of(track, fx)) do
    if is_free(track, fx, band) then free[#free + 1] = band end
  end
  return free
end

-- Whether this effect on the track can do all that the choice asks.
local function can(track, fx, choice)
  if #choice.bands > 0 then return #free_bands(track, fx) >= #choice.bands end
  for _, wanted in ipairs(choice.settings) do
    if not parameter_called(track, fx, wanted.names) then return false end
  end
  return true
end

-- The first effect of that kind that is on, able, and not taken by an earlier step; by its GUID.
local function there(track, choice, taken)
  for fx = 0, reaper.TrackFX_GetCount(track) - 1 do
    local guid = reaper.TrackFX_GetFXGUID(track, fx)
    local fits = called(track, fx):find(choice.device, 1, true) and reaper.TrackFX_GetEnabled(track, fx)
    if fits and not taken[guid] and can(track, fx, choice) then return guid end
  end
end

-- Puts the effect on the track; its GUID, or nil where REAPER has none of that name.
local function inserted(run, track, choice)
  local key = reaper.GetTrackGUID(track)
  local at = -1
  if run.place == "before" then at = -1000 - (run.before[key] or 0) end
  local fx = reaper.TrackFX_AddByName(track, choice.insert, false, at)
  if fx < 0 then return nil end
  run.before[key] = (run.before[key] or 0) + 1
  return reaper.TrackFX_GetFXGUID(track, fx)
end

-- Setting ----------------------------------------------------------------------------------------------------------------

local function add(run, entry)
  run.written[#run.written + 1] = entry
end

local function leave(run, order, reason)
  run.left[#run.left + 1] = { step = order.step, effect = order.effect, reason = reason }
end

-- A free band of that kind; one of another kind is made to it. Nil where ReaEQ does not do so.
local function band_for(track, fx, kind)
  local free = free_bands(track, fx)
  for _, band in ipairs(free) do
    if band.type == kind then return band end
  end
  for _, band in ipairs(free) do
    for _, number in ipairs(CONFIGURED[kind] or {}) do
      reaper.TrackFX_SetNamedConfigParm(track, fx, "BANDTYPE" .. band.number, tostring(number))
      local now = bands_of(track, fx)[band.number + 1]
      if now and now.type == kind then return now end
    end
  end
end

local function set_band(run, order, track, fx, wanted)
  local function entry(what, value, unit)
    return told(order.step, track, "ReaEQ", what, { value = value, unit = unit, of = wanted.of })
  end
  local band = band_for(track, fx, wanted.type)
  if not band then
    local failed = entry("band", wanted.frequency_hz, "Hz")
    failed.reason = "no band of ReaEQ could be made one of this kind"
    return add(run, failed)
  end
  local of = { [FREQUENCY] = { "frequency", wanted.frequency_hz, "Hz" }, [WIDTH] = { "width", wanted.octaves, "oct" } }
  local gain = json.field(wanted, "gain_db", "number")
  if gain then of[GAIN] = { "gain", gain, "dB" } end
  reaper.TrackFX_SetEQBandEnabled(track, fx, band.type, band.nth, true)
  for _, what in ipairs({ FREQUENCY, WIDTH, GAIN }) do
    local one = of[what]
    if one and band[what] then
      add(run, set(band[what], one[2], entry(band[what].name, one[2], one[3])))
    elseif one then
      local failed = entry(one[1], one[2], one[3])
      failed.reason = "the band has no such parameter"
      add(run, failed)
    end
  end
  if not reaper.TrackFX_GetEQBandEnabled(track, fx, band.type, band.nth) then
    local failed = entry("band", wanted.frequency_hz, "Hz")
    failed.reason = "the band could not be switched on"
    add(run, failed)
  end
end

local function set_parameter(run, order, track, fx, choice, wanted)
  local one = parameter_called(track, fx, wanted.names)
  local entry = told(order.step, track, choice.device, one and one.name or wanted.names[1], wanted)
  if not one then
    entry.reason = ("this version of %s has no parameter of that name"):format(choice.device)
    return add(run, entry)
  end
  add(run, set(one, wanted.value, entry))
end

local MIXER = { gain = "D_VOL", pan = "D_PAN" }

-- The track's own fader and pan.
local function set_mixer(run, order, track, wanted)
  local name = wanted.names[1]
  local entry = told(order.step, track, "mixer", name, wanted)
  local key = MIXER[name]
  local function read()
    local value = reaper.GetMediaTrackInfo_Value(track, key)
    if name == "pan" then return 100 * value end
    return value > 0 and 20 * math.log(value, 10) or -150
  end
  entry.before = read()
  local aim = wanted.relative and entry.before + wanted.value or wanted.value
  local held = name == "pan" and math.max(-100, math.min(100, aim)) or math.max(-150, math.min(12, aim))
  reaper.SetMediaTrackInfo_Value(track, key, name == "pan" and held / 100 or 10 ^ (held / 20))
  entry.got, entry.asked = read(), aim
  entry.shown = ("%.2f %s"):format(entry.got, wanted.unit)
  if not near(entry.got, held) then
    entry.reason = "it was set and did not stay"
  elseif held ~= aim then
    entry.verdict, entry.reason = "clamped", entry.shown .. " is as far as it goes"
  else
    entry.verdict = "applied"
  end
  add(run, entry)
end

local function carry_out(run, order, track, choice, guid)
  local fx = with_guid(track, guid)
  if reaper.TrackFX_GetOffline(track, fx) then return leave(run, order, choice.device .. " is offline") end
  for _, wanted in ipairs(choice.settings) do set_parameter(run, order, track, fx, choice, wanted) end
  for _, wanted in ipairs(choice.bands) do set_band(run, order, track, fx, wanted) end
  for _, reason in ipairs(choice.left) do leave(run, order, reason) end
end

local function do_order(run, order)
  local track = run.track_of(order.where)
  if not track then return leave(run, order, ("the track of %q is gone"):format(order.where)) end
  for _, choice in ipairs(order.choices) do
    if choice.device == "mixer" then
      for _, wanted in ipairs(choice.settings) do set_mixer(run, order, track, wanted) end
      return
    end
    local guid = there(track, choice, run.taken) or inserted(run, track, choice)
    if guid then
      run.taken[guid] = true
      return carry_out(run, order, track, choice, guid)
    end
  end
  leave(run, order, ("REAPER has no %s here; render it to a file"):format(order.choices[1].device))
end

-- orders: of the bridge. track_of(where): the track that is meant now, or nil. place: "before" or "after".
-- One undo point. Returns the account, or nil and a sentence.
function effects.apply(orders, track_of, place)
  local run = {
    written = json.list(), left = json.list(), taken = {}, before = {}, track_of = track_of, place = place,
  }
  for _, one in ipairs(orders.left) do run.left[#run.left + 1] = one end
  local fine, why = project.as_one("apply as native effects", function()
    for _, order in ipairs(orders.orders) do do_order(run, order) end
  end)
  if not fine then return nil, why end
  return { plan = orders.plan, written = run.written, left = run.left, warnings = json.list() }
end

-- The account in a few lines.
function effects.summary(account)
  local counts, lines = { applied = 0, clamped = 0, failed = 0 }, {}
  for _, entry in ipairs(account.written) do
    counts[entry.verdict] = counts[entry.verdict] + 1
    if entry.verdict ~= "applied" then
      lines[#lines + 1] = ("%s, %s, %s: %s"):format(entry.track, entry.device, entry.parameter, entry.reason)
    end
  end
  for _, one in ipairs(account.left) do lines[#lines + 1] = ("Not done (%s): %s"):format(one.effect, one.reason) end
  local head = ("%d set, %d held, %d failed."):format(counts.applied, counts.clamped, counts.failed)
  return head .. (#lines > 0 and "\n" .. table.concat(lines, "\n", 1, math.min(#lines, 12)) or "")
end

return effects
