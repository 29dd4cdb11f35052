local names = require("names")

function upgrade()
  op.add_column(names.of(db.dialect, "Playlist"), sql.column("seconds", sql.integer))

  -- 8,715 rows are read; fourteen are written while the loop goes on.
  for id, tracks in db:groups(names.fill(db.dialect, [[
    SELECT p.{PlaylistId} AS playlist, t.{Milliseconds} AS ms
      FROM {PlaylistTrack} p JOIN {Track} t ON t.{TrackId} = p.{TrackId}
     ORDER BY p.{PlaylistId}]]), "playlist") do
    local ms = 0
    for _, track in ipairs(tracks) do
      ms = ms + track.ms
    end
    db:execute(names.fill(db.dialect,
      "UPDATE {Playlist} SET seconds = :seconds WHERE {PlaylistId} = :id"),
      { id = id, seconds = math.floor(ms / 1000) })
  end

  op.assert_none(names.fill(db.dialect, [[
    SELECT p.{PlaylistId}
      FROM {Playlist} p
     WHERE p.seconds <> (SELECT sum(t.{Milliseconds}) / 1000
                           FROM {PlaylistTrack} l JOIN {Track} t ON t.{TrackId} = l.{TrackId}
                          WHERE l.{PlaylistId} = p.{PlaylistId})]]))
end

function downgrade()
  op.drop_column(names.of(db.dialect, "Playlist"), "seconds")
end
