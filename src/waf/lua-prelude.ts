// What stands in a Lua state before a script runs: takes away what reaches out, and gives `io` a meaning of its own.
//
// Scripts of @inspectFile are written for ModSecurity: they open the path that they are given. Here `io.open` knows the
// uploads of the request by those paths and nothing else, and reads them from memory.

export const PRELUDE = `
local compile, tostring, pack, unpack, concat = load, tostring, table.pack, table.unpack, table.concat
local type, tonumber, error, setmetatable, getmetatable = type, tonumber, error, setmetatable, getmetatable
local find, sub, max, log, upload = string.find, string.sub, math.max, m.log, m.upload
m.upload = nil
function load(chunk, name, mode, ...) return compile(chunk, name, "t", ...) end
function print(...)
  local words = pack(...)
  for at = 1, words.n do words[at] = tostring(words[at]) end
  log(9, concat(words, "\\t"))
end
os = { clock = os.clock, date = os.date, time = os.time }
dofile, loadfile, warn, string.dump = nil, nil, nil, nil

local file = { __name = "FILE*" }
file.__index = file
local function opened(f)
  if getmetatable(f) ~= file then error("not a file", 3) end
  if f.closed then error("attempt to use a closed file", 3) end
  return f
end
local function item(f, format)
  local text, at = f.text, f.at
  if type(format) == "number" then
    if at > #text then return nil end
    f.at = at + max(0, format)
    return sub(text, at, f.at - 1)
  end
  local kind = find(format, "*", 1, true) == 1 and sub(format, 2, 2) or sub(format, 1, 1)
  if kind == "a" then
    f.at = #text + 1
    return sub(text, at)
  end
  if kind == "n" then
    local _, last, word = find(text, "^%s*([+-]?%d*%.?%d*)", at)
    f.at = last + 1
    return tonumber(word)
  end
  if kind ~= "l" and kind ~= "L" then error("invalid format", 3) end
  if at > #text then return nil end
  local stop = find(text, "\\n", at, true)
  f.at = (stop or #text) + 1
  if kind == "l" and stop then return sub(text, at, stop - 1) end
  return sub(text, at, f.at - 1)
end
function file.read(f, ...)
  opened(f)
  local formats = pack(...)
  if formats.n == 0 then formats = { "l", n = 1 } end
  local found = {}
  for at = 1, formats.n do
    found[at] = item(f, formats[at])
    if found[at] == nil then return unpack(found, 1, at) end
  end
  return unpack(found, 1, formats.n)
end
function file.lines(f, ...)
  opened(f)
  local formats = pack(...)
  return function() return file.read(f, unpack(formats, 1, formats.n)) end
end
function file.seek(f, whence, offset)
  opened(f)
  local from = whence == "set" and 0 or whence == "end" and #f.text or f.at - 1
  local to = from + (offset or 0)
  if to < 0 then return nil, "Invalid argument", 22 end
  f.at = to + 1
  return to
end
function file.close(f)
  opened(f).closed = true
  return true
end
function file.write() return nil, "Bad file descriptor", 9 end
function file.flush(f) return f end
function file.setvbuf() return true end
io = {}
function io.open(path, mode)
  mode = mode or "r"
  if mode ~= "r" and mode ~= "rb" then return nil, path .. ": Permission denied", 13 end
  local text = upload(path)
  if text == nil then return nil, path .. ": No such file or directory", 2 end
  return setmetatable({ text = text, at = 1 }, file)
end
function io.lines(path, ...)
  local f, why = io.open(path)
  if f == nil then error(why, 2) end
  return f:lines(...)
end
function io.close(f) return f:close() end
function io.type(f)
  if type(f) ~= "table" or getmetatable(f) ~= file then return nil end
  return f.closed and "closed file" or "file"
end
`;
