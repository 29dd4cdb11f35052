--- Encrypt IBANs
--
-- Sealed is never the same twice, so nothing can be found by it. The hash can: that of the IBAN
-- without blanks and in capitals, however it was typed.

revision = "c00b00000004"
down_revision = "c00b00000003"

function upgrade()
  local key = secret("IBAN_KEY")
  op.add_column("accounts", sql.column("iban_sealed", sql.text))
  op.add_column("accounts", sql.column("iban_hash", sql.char(64)))

  op.backfill("accounts", {
    read = { "iban" },
    write = { "iban_sealed", "iban_hash" },
    where = "iban IS NOT NULL",
  }, function(account)
    local plain = text.upper(account.iban):gsub("%s", "")
    return {
      iban_sealed = crypto.seal(key, account.iban),
      iban_hash = crypto.hmac(key, plain),
    }
  end)

  op.create_index("ix_accounts_iban_hash", "accounts", { "iban_hash" })
  op.drop_column("accounts", "iban")
end

function downgrade()
  local key = secret("IBAN_KEY")
  op.add_column("accounts", sql.column("iban", sql.text))
  op.backfill("accounts", {
    read = { "iban_sealed" },
    write = { "iban" },
    where = "iban_sealed IS NOT NULL",
  }, function(account)
    return { iban = crypto.open(key, account.iban_sealed) }
  end)
  op.drop_column("accounts", "iban_hash")
  op.drop_column("accounts", "iban_sealed")
end
