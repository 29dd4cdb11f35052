--- What was there before

revision = "da7a00000001"
down_revision = nil

function upgrade() end
function downgrade() end
