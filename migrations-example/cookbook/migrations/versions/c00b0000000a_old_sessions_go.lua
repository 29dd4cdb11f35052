--- Purge old sessions
--
-- Batch by batch, each committed by itself: killed at any point, the same command goes on.
-- A session that was never used has no age and stays.

revision = "c00b0000000a"
down_revision = "c00b00000009"
transactional = false
irreversible = "what is purged is gone"

function upgrade()
  local counts = op.backfill("sessions", {
    delete = true,
    where = "last_seen < :oldest",
    params = { oldest = time.ago("90 days") },
    target_time = "300ms",
    pause = "50ms",
  })
  log("%d sessions purged", counts.deleted)
end
