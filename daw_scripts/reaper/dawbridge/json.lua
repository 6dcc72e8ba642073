-- JSON, small and strict: what is not JSON is an error with its place, never a guess.
-- Objects are tables with text keys, lists are tables made by json.list or read from [...]; null is json.null.

local json = {}

json.null = setmetatable({}, { __tostring = function() return "null" end })
json.DEEPEST = 64
json.LONGEST = 64 * 1024 * 1024 -- bytes

local LIST = {}

-- Marks a table as a list, so that an empty one is written as [].
function json.list(items)
  return setmetatable(items or {}, LIST)
end

function json.is_list(value)
  return type(value) == "table" and getmetatable(value) == LIST
end

-- Writing ------------------------------------------------------------------------------------------------------------

local SHORT = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

local function quoted(text)
  local clean = utf8.len(text) and text or text:gsub("[\128-\255]", "?")
  return '"' .. clean:gsub('[%c"\\\127]', function(c) return SHORT[c] or ("\\u%04x"):format(c:byte()) end) .. '"'
end

local function number(value)
  if value ~= value or value == math.huge or value == -math.huge then
    error("JSON has no number " .. tostring(value), 0)
  end
  if math.type(value) == "integer" then return ("%d"):format(value) end
  return (("%.17g"):format(value):gsub(",", "."))
end

local write

local function entries(value, depth)
  local parts = {}
  if json.is_list(value) then
    for _, each in ipairs(value) do parts[#parts + 1] = write(each, depth) end
    return "[" .. table.concat(parts, ",") .. "]"
  end
  local keys = {}
  for key in pairs(value) do
    if type(key) ~= "string" then error("a JSON object has text keys; lists are made with json.list", 0) end
    keys[#keys + 1] = key
  end
  table.sort(keys)
  for _, key in ipairs(keys) do parts[#parts + 1] = quoted(key) .. ":" .. write(value[key], depth) end
  return "{" .. table.concat(parts, ",") .. "}"
end

write = function(value, depth)
  if depth > json.DEEPEST then error("nested too deep for JSON", 0) end
  local kind = type(value)
  if value == json.null then return "null" end
  if kind == "string" then return quoted(value) end
  if kind == "number" then return number(value) end
  if kind == "boolean" then return tostring(value) end
  if kind == "table" then return entries(value, depth + 1) end
  error("JSON has no " .. kind, 0)
end

function json.encode(value)
  return write(value, 0)
end

-- Reading ------------------------------------------------------------------------------------------------------------

local function wrong(at, what)
  error(("no JSON at byte %d: %s"):format(at, what), 0)
end

local function after_space(text, at)
  return text:match("^[ \t\r\n]*()", at)
end

local UNESCAPED = { ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

-- A code unit behind \u; two that belong together are one character.
local function code_point(text, at)
  local unit = tonumber(text:match("^%x%x%x%x", at) or wrong(at, "four hexadecimal digits are missing"), 16)
  if unit < 0xD800 or unit > 0xDFFF then return unit, at + 4 end
  local low = tonumber(text:match("^\\u(%x%x%x%x)", at + 4) or "0", 16)
  if unit > 0xDBFF or low < 0xDC00 or low > 0xDFFF then wrong(at, "half a character") end
  return 0x10000 + (unit - 0xD800) * 0x400 + (low - 0xDC00), at + 10
end

local function read_string(text, at)
  local parts = {}
  while true do
    local plain, stop = text:match('^([^"\\%c]*)()', at)
    parts[#parts + 1] = plain
    local sign = text:sub(stop, stop)
    if sign == '"' then return table.concat(parts), stop + 1 end
    if sign ~= "\\" then wrong(stop, "a text that does not end") end
    local escape = text:sub(stop + 1, stop + 1)
    if escape == "u" then
      local code
      code, at = code_point(text, stop + 2)
      parts[#parts + 1] = utf8.char(code)
    else
      parts[#parts + 1] = UNESCAPED[escape] or wrong(stop, "an unknown escape")
      at = stop + 2
    end
  end
end

local function read_number(text, at)
  local whole, stop = text:match("^(-?%d+)()", at)
  if not whole or whole:match("^-?0%d") then wrong(at, "no value") end
  local fraction, after = text:match("^(%.%d+)()", stop)
  local exponent, last = text:match("^([eE][+-]?%d+)()", after or stop)
  local value = tonumber(whole .. (fraction or "") .. (exponent or ""))
  if value ~= value or value == math.huge or value == -math.huge then wrong(at, "a number too large") end
  return value, last or after or stop
end

local read

local function read_list(text, at, depth)
  local found = json.list()
  at = after_space(text, at)
  if text:sub(at, at) == "]" then return found, at + 1 end
  while true do
    found[#found + 1], at = read(text, at, depth)
    at = after_space(text, at)
    local sign = text:sub(at, at)
    if sign == "]" then return found, at + 1 end
    if sign ~= "," then wrong(at, "a comma or ] is missing") end
    at = at + 1
  end
end

local function read_object(text, at, depth)
  local found = {}
  at = after_space(text, at)
  if text:sub(at, at) == "}" then return found, at + 1 end
  while true do
    at = after_space(text, at)
    if text:sub(at, at) ~= '"' then wrong(at, "a key is missing") end
    local key
    key, at = read_string(text, at + 1)
    if found[key] ~= nil then wrong(at, "the same key twice") end
    at = after_space(text, at)
    if text:sub(at, at) ~= ":" then wrong(at, "a colon is missing") end
    found[key], at = read(text, at + 1, depth)
    at = after_space(text, at)
    local sign = text:sub(at, at)
    if sign == "}" then return found, at + 1 end
    if sign ~= "," then wrong(at, "a comma or } is missing") end
    at = at + 1
  end
end

local WORDS = { { "true", true }, { "false", false }, { "null", json.null } }

read = function(text, at, depth)
  if depth > json.DEEPEST then wrong(at, "nested too deep") end
  at = after_space(text, at)
  local sign = text:sub(at, at)
  if sign == "{" then return read_object(text, at + 1, depth + 1) end
  if sign == "[" then return read_list(text, at + 1, depth + 1) end
  if sign == '"' then return read_string(text, at + 1) end
  for _, word in ipairs(WORDS) do
    if text:sub(at, at + #word[1] - 1) == word[1] then return word[2], at + #word[1] end
  end
  return read_number(text, at)
end

-- The value, or nil and what is wrong with the text.
function json.decode(text)
  if #text > json.LONGEST then return nil, "too long to be read" end
  local fine, value, at = pcall(read, text, 1, 0)
  if not fine then return nil, value end
  if after_space(text, at) <= #text then return nil, ("more text behind the value, at byte %d"):format(at) end
  return value
end

-- A field of an object where it is of that type ("string", "number", "boolean", "table"); else nil.
function json.field(object, name, kind)
  local value = type(object) == "table" and object[name]
  if value == json.null or type(value) ~= kind then return nil end
  return value
end

return json
