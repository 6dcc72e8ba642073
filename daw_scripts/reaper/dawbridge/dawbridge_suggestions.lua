-- @noindex
-- Measures what is selected, shows what stands out and what would mend it; what is chosen is done.

package.path = (debug.getinfo(1, "S").source:match("^@(.*[/\\])") or "") .. "?.lua"
local project = require("project")
local sending = require("sending")
local importing = require("importing")
local json = require("json")

local MOST = 20

-- What stands out and what would mend it: {label, words}.
local function suggestions(result)
  local found = {}
  for _, choice in ipairs(json.field(result, "choices", "table") or {}) do
    local label, words = json.field(choice, "label", "string"), json.field(choice, "words", "string")
    if label and words and #found < MOST then found[#found + 1] = { label = label, words = words } end
  end
  return found
end

-- A menu reads |, #, !, < and > at the beginning of a line as its own.
local function line(suggestion)
  local text = suggestion.label .. "  \u{2192}  " .. suggestion.words
  return (text:gsub("[|%c]", " "):gsub("^[#!<>]+", ""))
end

local function back(pending, message)
  local result, why = sending.outcome(message)
  project.forget(sending.PENDING, pending.id)
  if not result then return project.say(why) end
  local count, reason = importing.import(pending, result)
  if not count then project.say(reason) end
end

local function chosen(words)
  local pending, sent = sending.send("process", words, "before", nil, "take")
  if not pending then return project.say(sent) end
  project.add(sending.PENDING, pending)
  sending.watch(pending.id, words, function(message) back(pending, message) end, sent)
end

local function shown(message)
  local result, why = sending.outcome(message)
  if not result then return project.say(why) end
  local found, lines = suggestions(result), {}
  if #found == 0 then return project.say(json.field(result, "answer", "string") or "Nothing stands out.") end
  for index, suggestion in ipairs(found) do lines[index] = line(suggestion) end
  gfx.init(project.TITLE .. ": suggestions", 420, 64)
  gfx.x, gfx.y = 0, 0
  local number = gfx.showmenu(table.concat(lines, "|"))
  gfx.quit()
  local suggestion = found[number]
  if suggestion then chosen(suggestion.words) end
end

local pending, sent = sending.send("analyze", "", "before")
if not pending then
  project.say(sent)
else
  sending.watch(pending.id, "listening", shown, sent)
end
