"""Scripts of ours inside of DAWs: where each DAW looks for them, putting them there, taking them away."""
