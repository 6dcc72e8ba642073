-- An Ardour session without display, sound card or JACK: ardour7-lua session.lua FOLDER NAME
-- FOLDER must not exist. Three tracks; Ardour adds the Master by itself.
local folder, name = arg[1], arg[2]
local session = assert(create_session(folder, name, 48000))

local function track(called, channels)
  session:new_audio_track(channels, 2, nil, 1, called, ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal, true)
end

local function plugin(on, uri)
  local made = ARDOUR.LuaAPI.new_plugin(session, uri, ARDOUR.PluginType.LV2, "")
  assert(not made:isnil(), "missing plugin " .. uri)
  session:route_by_name(on):add_processor_by_index(made, 0, nil, true) -- 0: in front of those that are there
end

track("Drums", 2)
track("Vocal", 1)
track("Bass", 2)
collectgarbage() -- no reference may outlive the session
plugin("Vocal", "urn:ardour:a-eq")
plugin("Vocal", "urn:ardour:a-comp")
plugin("Drums", "http://gareus.org/oss/lv2/fil4#stereo")
plugin("Master", "http://gareus.org/oss/lv2/dpl#stereo")
session:save_state("")
close_session()
quit()
