"""The mailbox: requests and answers as files, for scripts that have no sockets (REAPER's Lua)."""
