//! What Go and Glide say about folders, in a table made with them.
