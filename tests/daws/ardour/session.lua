-- An Ardour session without display, sound card or JACK: ardour7-lua session.lua FOLDER NAME TRACK...
-- FOLDER must not exist. TRACK is NAME|CHANNELS|URI|URI...; a track called Master is there already.
local folder, name = arg[1], arg[2]
local session = assert(create_session(folder, name, 48000))

local function parts(text)
  local found = {}
  for part in text:gmatch("[^|]+") do found[#found + 1] = part end
  return found
end

local function plugin(on, uri)
  local made = ARDOUR.LuaAPI.new_plugin(session, uri, ARDOUR.PluginType.LV2, "")
  assert(not made:isnil(), "missing plugin " .. uri)
  session:route_by_name(on):add_processor_by_index(made, 0, nil, true) -- 0: in front of those that are there
end

for n = 3, #arg do
  local track = parts(arg[n])
  if track[1] ~= "Master" then
    session:new_audio_track(tonumber(track[2]), 2, nil, 1, track[1], ARDOUR.PresentationInfo.max_order,
      ARDOUR.TrackMode.Normal, true)
  end
end
collectgarbage() -- no reference may outlive the session
for n = 3, #arg do
  local track = parts(arg[n])
  for k = #track, 3, -1 do plugin(track[1], track[k]) end
end
collectgarbage()
session:save_state("")
close_session()
quit()
