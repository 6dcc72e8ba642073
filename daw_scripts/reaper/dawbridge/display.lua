-- What REAPER displays of a parameter, as a number, and the raw value at which it displays a wanted one.

local display = {}

local HALVINGS = 40

-- What is displayed, as a number: Hz, ms, dB, %. "2.50 kHz" -> 2500; "-inf" -> -math.huge; nil where there is none.
function display.number_shown(text)
  if text:lower():match("^%s*[-\u{2212}]+%s*inf") then return -math.huge end
  if text:lower():match("^%s*%+?inf") then return math.huge end
  local sign, digits, rest = text:match("([-+]?)(%d*[.,]?%d+)%.?(.*)")
  if not digits then return nil end
  local number = tonumber((digits:gsub(",", ".")))
  local unit = rest:lower():match("^%s*(%a*)")
  if unit == "khz" or unit == "k" or unit == "s" or unit == "sec" then number = number * 1000 end
  return sign == "-" and -number or number
end

-- One parameter as it stands.
function display.parameter(track, fx, index)
  local _, name = reaper.TrackFX_GetParamName(track, fx, index, "")
  return { track = track, fx = fx, index = index, name = name }
end

function display.at(one, value)
  local fine, text = reaper.TrackFX_FormatParamValueNormalized(one.track, one.fx, one.index, value, "")
  return fine and display.number_shown(text) or nil, text
end

function display.now(one)
  local _, text = reaper.TrackFX_GetFormattedParamValue(one.track, one.fx, one.index, "")
  return display.number_shown(text), text
end

-- The raw value whose display comes nearest to `wanted`; nil where the display is no number.
function display.raw_value(show, wanted)
  local first, last = show(0), show(1)
  if not first and not last then return nil end
  local rising = (first or -math.huge) <= (last or math.huge)
  local function beyond(at_end, shown)
    if not shown then return false end
    if rising == (at_end == 0) then return wanted <= shown end
    return wanted >= shown
  end
  if beyond(0, first) then return 0.0 end
  if beyond(1, last) then return 1.0 end
  local low, high, best, distance = 0.0, 1.0, nil, math.huge
  for _ = 1, HALVINGS do
    local middle = (low + high) / 2
    local got = show(middle)
    if not got then break end
    if math.abs(got - wanted) < distance then best, distance = middle, math.abs(got - wanted) end
    if got == wanted then break end
    if (got < wanted) == rising then low = middle else high = middle end
  end
  return best
end

return display
