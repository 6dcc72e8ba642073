-- The strict REAPER's renderer, the commands that scripts may run, and its window.

local mock = require("mock")
local has, project, log = mock.has, mock.project, mock.log
local items, selected, removed = mock.items, mock.selected, mock.removed

-- Rendering ----------------------------------------------------------------------------------------------------------

local NUMBERS = [[SETTINGS BOUNDSFLAG CHANNELS SRATE STARTPOS ENDPOS TAILFLAG TAILMS ADDTOPROJ DITHER NORMALIZE
  NORMALIZE_TARGET BRICKWALL FADEIN FADEOUT FADEINSHAPE FADEOUTSHAPE PADSTART PADEND TRIMSTART TRIMEND]]
for name in NUMBERS:gmatch("%S+") do project.render["RENDER_" .. name] = math.random(0, 7) + 0.0 end
for name in ("FILE PATTERN FORMAT FORMAT2"):gmatch("%S+") do
  project.render_text["RENDER_" .. name] = "users own " .. name
end

has("GetSetProjectInfo", "psnb", function(_, name, value, set)
  if project.render[name] == nil then error("no project value " .. name, 0) end
  if set then project.render[name] = value + 0.0 end
  return project.render[name]
end)
has("GetSetProjectInfo_String", "pssb", function(_, name, text, set)
  if name == "RENDER_TARGETS" then
    return true, ("%s/%s.wav"):format(project.render_text.RENDER_FILE, project.render_text.RENDER_PATTERN)
  end
  if project.render_text[name] == nil then error("no project text " .. name, 0) end
  if set then project.render_text[name] = text end
  return true, project.render_text[name]
end)
has("GetSet_LoopTimeRange2", "pbbnnb", function(_, set, _, from, to)
  if set then project.range = { from, to } end
  return project.range[1], project.range[2]
end)

local function what_is_rendered()
  local settings = math.tointeger(project.render.RENDER_SETTINGS)
  local chosen = selected(settings & 32 ~= 0 and items() or project.tracks)
  if #chosen ~= 1 then error(("%d things are selected for a render of one"):format(#chosen), 0) end
  local track = chosen[1].track or chosen[1]
  return {
    settings = settings, bounds = math.tointeger(project.render.RENDER_BOUNDSFLAG), guid = chosen[1].guid,
    from = project.render.RENDER_STARTPOS, to = project.render.RENDER_ENDPOS,
    effects = track.values.I_FXEN, volume = track.values.D_VOL,
    path = ("%s/%s.wav"):format(project.render_text.RENDER_FILE, project.render_text.RENDER_PATTERN),
  }
end

local COMMANDS = {
  [42230] = function()
    local render = what_is_rendered()
    table.insert(log.renders, render)
    if mock.rendering then mock.rendering(render) end
  end,
  [40129] = function() -- Take: delete active take from items
    for _, item in ipairs(selected(items())) do
      item.active.gone = true
      removed(item.takes, item.active)
      item.active = item.takes[1]
    end
  end,
}
has("Main_OnCommand", "ii", function(command)
  table.insert(log.commands, command)
  if mock.on_command then mock.on_command(command) end
  local work = COMMANDS[command] or error("unknown command " .. command, 0)
  work()
end)

-- A PCM or float WAV's length; nil where it is none.
function mock.length_s(path)
  local file = io.open(path, "rb")
  local head = file and file:read(65536)
  if not head or head:sub(1, 4) ~= "RIFF" then return nil end
  local at = 13
  local bytes_a_second
  while at + 8 <= #head do
    local name, size = head:sub(at, at + 3), string.unpack("<I4", head, at + 4)
    if name == "fmt " then bytes_a_second = string.unpack("<I4", head, at + 16) end
    if name == "data" then return size / bytes_a_second end
    at = at + 8 + size + size % 2
  end
end

-- The window ---------------------------------------------------------------------------------------------------------

gfx = setmetatable({ w = 0, h = 0, x = 0, y = 0 }, {
  __index = function(_, name) error(("gfx has no %q"):format(tostring(name)), 2) end,
})
mock.window = { open = false, text = "" }
local function drawing(name, work)
  rawset(gfx, name, function(...)
    if name ~= "init" and name ~= "quit" and not mock.window.open and name ~= "showmenu" then
      error("drawn without a window", 2)
    end
    return work(...)
  end)
end
drawing("init", function(title, w, h)
  mock.window.open, mock.window.title, gfx.w, gfx.h = true, title, w, h
  return 1
end)
drawing("quit", function() mock.window.open = false end)
drawing("set", function() end)
drawing("rect", function() end)
drawing("drawstr", function(text) mock.window.text = text end)
drawing("update", function() end)
drawing("getchar", function() return table.remove(mock.keys, 1) or 0 end)
drawing("showmenu", function(text)
  mock.window.menu = text
  return table.remove(mock.menu, 1) or 0
end)

return mock
