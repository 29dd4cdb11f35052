--- What op.setting is in SQL.
return {
  {
    op = "setting",
    fact = "a number",
    call = function(op)
      op.setting("threads", 2)
    end,
    sqlite = "PRAGMA threads = 2;",
  },
  {
    op = "setting",
    fact = "a number of PostgreSQL",
    call = function(op)
      op.setting("work_mem", 65536)
    end,
    postgresql = "SET LOCAL work_mem = 65536;",
  },
  {
    op = "setting",
    fact = "a word and a truth",
    call = function(op)
      op.setting("recursive_triggers", true)
      op.setting("Cache_Spill", "off")
    end,
    sqlite = "PRAGMA recursive_triggers = 1;\nPRAGMA cache_spill = off;",
  },
  {
    op = "setting",
    fact = "a word and a truth of PostgreSQL",
    call = function(op)
      op.setting("enable_seqscan", false)
      op.setting("Lock_Timeout", "5s")
    end,
    postgresql = "SET LOCAL enable_seqscan = off;\nSET LOCAL lock_timeout = '5s';",
  },
  {
    op = "setting",
    fact = "a list, and a setting of the project's own",
    call = function(op)
      op.setting("search_path", { "app", "public" })
      op.setting("app.user", "it's me")
    end,
    postgresql = "SET LOCAL search_path = 'app', 'public';\nSET LOCAL app.\"user\" = 'it''s me';",
  },
}
