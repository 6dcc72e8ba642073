-- @noindex
-- Hears original and result in turn, at equal loudness. Of what is selected, else of the newest result.

package.path = (debug.getinfo(1, "S").source:match("^@(.*[/\\])") or "") .. "?.lua"
local comparing = require("comparing")

comparing.run(comparing.audition)
