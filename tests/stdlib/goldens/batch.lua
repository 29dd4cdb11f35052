--- Goldens of batch_alter_table.

local USERS = "CREATE TABLE users (id INTEGER PRIMARY KEY, code TEXT, old_field TEXT, boss INTEGER)"

return {
  {
    op = "batch_alter_table",
    fact = "the actions go together, by dot or by colon",
    before = USERS,
    call = function(op, sql)
      op.batch_alter_table("users", function(batch)
        batch.add_column(sql.column("new_field", sql.string()))
        batch:drop_column("old_field")
        batch:alter_column("code", { nullable = false })
      end)
    end,
    postgresql = "ALTER TABLE users ADD COLUMN new_field varchar, DROP COLUMN old_field, ALTER COLUMN code SET NOT NULL;",
  },
  {
    op = "batch_alter_table",
    fact = "what builds on an earlier action comes after it",
    before = USERS .. ';CREATE TABLE teams (id INTEGER PRIMARY KEY)',
    call = function(op, sql)
      op.batch_alter_table("users", { recreate = "auto" }, function(batch)
        batch:rename_column("old_field", "new_field")
        batch:alter_column("new_field", { new_column_name = "field" })
        batch:add_column(sql.column("team", sql.integer, { index = true }))
        batch:create_foreign_key("fk_boss", "users", { "boss" }, { "id" })
        batch:create_foreign_key("fk_team", "teams", { "team" }, { "id" }, { ondelete = "CASCADE" })
        batch:create_unique_constraint("uq", { "code" })
        batch:create_check_constraint("ck", "code <> ''")
        batch:create_index("ix_users_boss", { "boss" })
        batch:rename_constraint("uq", "uq_users_code")
        batch:drop_constraint("ck")
      end)
    end,
    sqlite = [[
      ALTER TABLE users RENAME COLUMN old_field TO new_field;
      ALTER TABLE users RENAME COLUMN new_field TO field;
      -- foreign keys rest;
      ALTER TABLE users RENAME TO luamig_old_users;
      CREATE TABLE users (id INTEGER PRIMARY KEY, code TEXT, field TEXT, boss INTEGER, team INTEGER, CONSTRAINT fk_boss FOREIGN KEY (boss) REFERENCES users (id), CONSTRAINT fk_team FOREIGN KEY (team) REFERENCES teams (id) ON DELETE CASCADE, CONSTRAINT uq_users_code UNIQUE (code));
      INSERT OR ABORT INTO users (id, code, field, boss)
      SELECT id, code, field, boss FROM luamig_old_users;
      DROP TABLE luamig_old_users;
      CREATE INDEX ix_users_team ON users (team);
      CREATE INDEX ix_users_boss ON users (boss);]],
    postgresql = [[
      ALTER TABLE users RENAME COLUMN old_field TO new_field;
      ALTER TABLE users RENAME COLUMN new_field TO field;
      ALTER TABLE users ADD COLUMN team integer;
      CREATE INDEX ix_users_team ON users (team);
      ALTER TABLE users ADD CONSTRAINT fk_boss FOREIGN KEY (boss) REFERENCES users (id);
      ALTER TABLE users ADD CONSTRAINT fk_team FOREIGN KEY (team) REFERENCES teams (id) ON DELETE CASCADE, ADD CONSTRAINT uq UNIQUE (code);
      ALTER TABLE users ADD CONSTRAINT ck CHECK (code <> '');
      CREATE INDEX ix_users_boss ON users (boss);
      ALTER TABLE users RENAME CONSTRAINT uq TO uq_users_code;
      ALTER TABLE users DROP CONSTRAINT ck;]],
  },
  {
    op = "batch_alter_table",
    fact = "the guides' own: one column more, one less",
    before = USERS,
    call = function(op, sql)
      op.batch_alter_table("users", function(batch)
        batch:add_column(sql.column("new_field", sql.string(20)))
        batch:drop_column("old_field")
      end)
    end,
    sqlite = [[
      ALTER TABLE users ADD COLUMN new_field VARCHAR(20);
      ALTER TABLE users DROP COLUMN old_field;]],
    postgresql = "ALTER TABLE users ADD COLUMN new_field varchar(20), DROP COLUMN old_field;",
  },
}
