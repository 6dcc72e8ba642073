-- Driven from outside, a line of JSON a step: {"do": "run"|"tick"|"eval", ...} -> {"ok", "value"|"error", "state"}.
-- arg: folder of the scripts, folder of the tests.

local scripts, tests = arg[1], arg[2]
package.path = scripts .. "/?.lua;" .. tests .. "/?.lua"
local json = require("json")
mock = require("mock")
require("mock_rendering")
require("mock_fx")

local function plain(value, depth)
  if type(value) ~= "table" then
    local kind = type(value)
    if kind == "number" and (value ~= value or value == math.huge or value == -math.huge) then return tostring(value) end
    return (kind == "string" or kind == "number" or kind == "boolean") and value or json.null
  end
  if depth > 12 then return "..." end
  if value.is then return value.guid or value.path end
  local count = 0
  for _ in pairs(value) do count = count + 1 end
  local found = (#value == count) and json.list() or {}
  for key, each in pairs(value) do
    if json.is_list(found) then found[key] = plain(each, depth + 1) else found[tostring(key)] = plain(each, depth + 1) end
  end
  return found
end

local function run(path)
  local chunk = assert(loadfile(path))
  for _, name in ipairs({ "mailbox", "project", "parts", "rendering", "sending", "importing", "comparing", "effects",
    "display" }) do
    package.loaded[name] = nil -- each script that REAPER starts has a state of its own
  end
  chunk()
end

-- One round of what was deferred; what it defers comes in the next.
local function tick()
  local work = mock.log.deferred
  mock.log.deferred = {}
  for _, each in ipairs(work) do each() end
end

local STEPS = {
  run = function(step) run(step.script) end,
  tick = function() tick() end,
  eval = function(step) return assert(load(step.code))() end,
}

local function state()
  local log = mock.log
  return {
    waiting = #log.deferred, depth = log.depth, refresh = log.refresh, undo = plain(log.undo, 0),
    boxes = plain(log.boxes, 0), open = mock.window.open, shown = mock.window.text,
  }
end

for line in io.lines() do
  local step = assert(json.decode(line))
  local fine, got = xpcall(STEPS[step["do"]], debug.traceback, step)
  local answer = { ok = fine, state = state() }
  if fine then answer.value = plain(got, 0) else answer.error = tostring(got) end
  io.stdout:write(json.encode(answer), "\n")
  io.stdout:flush()
end
