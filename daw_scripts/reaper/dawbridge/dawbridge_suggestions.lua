-- @noindex
-- Measures what is selected, shows what stands out and what would mend it; what is chosen is done.

package.path = (debug.getinfo(1, "S").source:match("^@(.*[/\\])") or "") .. "?.lua"
local project = require("project")
local sending = require("sending")
local importing = require("importing")
local json = require("json")

local MOST = 20

-- Findings with what would mend them: {sentence, remedy}.
local function suggestions(result)
  local found = {}
  for _, finding in ipairs(json.field(result, "findings", "table") or {}) do
    local sentence, remedy = json.field(finding, "sentence", "string"), json.field(finding, "remedy", "string")
    if sentence and #found < MOST then found[#found + 1] = { sentence = sentence, remedy = remedy } end
  end
  return found
end

-- A menu reads |, #, !, < and > at the beginning of a line as its own.
local function line(suggestion)
  local text = suggestion.sentence .. (suggestion.remedy and ("  \u{2192}  " .. suggestion.remedy) or "")
  text = text:gsub("[|%c]", " "):gsub("^[#!<>]+", "")
  return (suggestion.remedy and "" or "#") .. text
end

local function back(pending, message)
  local result, why = sending.outcome(message)
  project.forget(sending.PENDING, pending.id)
  if not result then return project.say(why) end
  local count, reason = importing.import(pending, result)
  if not count then project.say(reason) end
end

local function chosen(remedy)
  local pending, why = sending.send("process", remedy, "before", nil, "take")
  if not pending then return project.say(why) end
  project.add(sending.PENDING, pending)
  sending.watch(pending.id, remedy, function(message) back(pending, message) end)
end

local function shown(message)
  local result, why = sending.outcome(message)
  if not result then return project.say(why) end
  local found, lines = suggestions(result), {}
  if #found == 0 then return project.say("Nothing stands out.") end
  for index, suggestion in ipairs(found) do lines[index] = line(suggestion) end
  gfx.init(project.TITLE .. ": suggestions", 420, 64)
  gfx.x, gfx.y = 0, 0
  local number = gfx.showmenu(table.concat(lines, "|"))
  gfx.quit()
  local suggestion = found[number]
  if suggestion and suggestion.remedy then chosen(suggestion.remedy) end
end

local pending, why = sending.send("analyze", "", "before")
if not pending then
  project.say(why)
else
  sending.watch(pending.id, "listening", shown)
end
