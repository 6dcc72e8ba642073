-- @noindex
-- Keeps the result: what is heard stays, as loud as it is. Of what is selected, else of the newest result.

package.path = (debug.getinfo(1, "S").source:match("^@(.*[/\\])") or "") .. "?.lua"
local comparing = require("comparing")

comparing.run(comparing.accept)
