-- @noindex
-- Takes the result away and hears the original again. Of what is selected, else of the newest result.

package.path = (debug.getinfo(1, "S").source:match("^@(.*[/\\])") or "") .. "?.lua"
local comparing = require("comparing")

comparing.run(comparing.reject)
