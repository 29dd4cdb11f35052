#include "db/postgres_rules.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "db/postgres_tree.hpp"

namespace luamig::db {

namespace {

using nlohmann::json;

constexpr int deepest = 4000;  // levels of JSON; PostgreSQL's own stack allows fewer

template <std::size_t N>
bool among(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

struct node_kind {
  std::string_view node;
  statement_kind kind;
};

/// Every other statement is one of the schema.
constexpr std::array<node_kind, 27> node_kinds = {{
    {"SelectStmt", statement_kind::query},        {"ExplainStmt", statement_kind::query},
    {"VariableShowStmt", statement_kind::query},  {"FetchStmt", statement_kind::query},
    {"InsertStmt", statement_kind::change},       {"UpdateStmt", statement_kind::change},
    {"DeleteStmt", statement_kind::change},       {"MergeStmt", statement_kind::change},
    {"CopyStmt", statement_kind::change},         {"TransactionStmt", statement_kind::transaction},
    {"VariableSetStmt", statement_kind::setting}, {"ConstraintsSetStmt", statement_kind::setting},
    {"DiscardStmt", statement_kind::setting},     {"DoStmt", statement_kind::other},
    {"CallStmt", statement_kind::other},          {"PrepareStmt", statement_kind::other},
    {"ExecuteStmt", statement_kind::other},       {"DeallocateStmt", statement_kind::other},
    {"DeclareCursorStmt", statement_kind::other}, {"ClosePortalStmt", statement_kind::other},
    {"ListenStmt", statement_kind::other},        {"UnlistenStmt", statement_kind::other},
    {"NotifyStmt", statement_kind::other},        {"LockStmt", statement_kind::other},
    {"LoadStmt", statement_kind::other},          {"CheckPointStmt", statement_kind::other},
    {"AlterSystemStmt", statement_kind::other},
}};

constexpr std::array<std::string_view, 4> row_changes = {"InsertStmt", "UpdateStmt", "DeleteStmt",
                                                         "MergeStmt"};

/// What all databases of a server share.
constexpr std::array<std::string_view, 16> of_server = {"CreateRoleStmt",
                                                        "AlterRoleStmt",
                                                        "AlterRoleSetStmt",
                                                        "DropRoleStmt",
                                                        "GrantRoleStmt",
                                                        "CreatedbStmt",
                                                        "AlterDatabaseStmt",
                                                        "AlterDatabaseSetStmt",
                                                        "AlterDatabaseRefreshCollStmt",
                                                        "DropdbStmt",
                                                        "CreateTableSpaceStmt",
                                                        "DropTableSpaceStmt",
                                                        "CreateSubscriptionStmt",
                                                        "AlterSubscriptionStmt",
                                                        "DropSubscriptionStmt",
                                                        "AlterTableSpaceOptionsStmt"};
constexpr std::array<std::string_view, 3> shared_objects = {"OBJECT_ROLE", "OBJECT_DATABASE",
                                                            "OBJECT_TABLESPACE"};
constexpr std::array<const char*, 4> kind_keys = {"objtype", "objectType", "renameType",
                                                  "removeType"};

/// They read or write files of the server, or act on other sessions.
constexpr auto refused_functions = std::to_array<std::string_view>({
    "pg_read_file",
    "pg_read_binary_file",
    "pg_ls_dir",
    "pg_ls_logdir",
    "pg_ls_waldir",
    "pg_ls_tmpdir",
    "pg_ls_archive_statusdir",
    "pg_ls_logicalmapdir",
    "pg_ls_logicalsnapdir",
    "pg_ls_replslotdir",
    "pg_current_logfile",
    "pg_hba_file_rules",
    "pg_ident_file_mappings",
    "pg_stat_file",
    "pg_file_write",
    "pg_file_rename",
    "pg_file_unlink",
    "lo_import",
    "lo_export",
    "pg_terminate_backend",
    "pg_cancel_backend",
    "pg_reload_conf",
    "pg_rotate_logfile",
    // These run a query that is a text, which nobody reads beforehand.
    "query_to_xml",
    "query_to_xmlschema",
    "query_to_xml_and_xmlschema",
    "ts_stat",
});

/// The host relies on them; a role would change who the rest of the run is.
constexpr std::array<std::string_view, 6> refused_settings = {
    "role",         "session_authorization",       "client_encoding",
    "bytea_output", "standard_conforming_strings", "datestyle"};

class judge {
 public:
  judge(const protected_names& names, postgres_reader::answer& out)
      : names_(names), out_(out), facts_(out.facts) {}

  void statement(const std::string& node, const json& body) {
    facts_.kind = statement_kind::schema;
    for (const node_kind& known : node_kinds) {
      if (known.node == node) facts_.kind = known.kind;
    }
    facts_.returns_rows = facts_.kind == statement_kind::query || node == "CallStmt" ||
                          node == "ExecuteStmt" || is_filled(body, "returningList");
    out_.can_stream = node == "SelectStmt" && !is_filled(body, "intoClause");
    if (node == "SelectStmt" && !out_.can_stream) {
      facts_.kind = statement_kind::schema;
      facts_.returns_rows = false;
    }
    whole_statement(node, body);
    object(node, body, 0);
    if (node == "CopyStmt") copy_needs_data(body);
    const bool plain = facts_.kind == statement_kind::schema ||
                       facts_.kind == statement_kind::transaction ||
                       facts_.kind == statement_kind::setting;
    out_.may_dirty = out_.may_dirty || calls_ || (!plain && facts_.kind == statement_kind::other);
  }

 private:
  void refuse(std::string why) {
    if (facts_.refusal.empty()) facts_.refusal = "a script may not " + std::move(why);
  }

  void whole_statement(const std::string& node, const json& body) {
    if (node == "TransactionStmt") {
      refuse("begin or end a transaction: luamig does that around every revision");
    } else if (node == "CopyStmt") {
      copy(body);
    } else if (node == "AlterSystemStmt") {
      refuse("run ALTER SYSTEM");
    } else if (node == "LoadStmt") {
      refuse("load a library into the server");
    } else if (node == "DropOwnedStmt") {
      refuse("run DROP OWNED");
    } else if (node == "DiscardStmt" && text_of(body, "target") == "DISCARD_ALL") {
      refuse("run DISCARD ALL: luamig puts the session back between revisions");
    } else if ((node == "DeallocateStmt" || node == "ClosePortalStmt") && body.empty()) {
      refuse("close everything that is prepared or open: name what you made");
    } else if (node == "DropStmt") {
      drop(body);
    }
    if (node == "DoStmt" || node == "CreateFunctionStmt") body_text(body.dump());
    if (node == "CreateFunctionStmt") language(body);
    facts_.needs_autocommit = needs_autocommit(node, body);
    facts_.of_server = among(of_server, node) ||
                       std::any_of(kind_keys.begin(), kind_keys.end(), [&](const char* key) {
                         return among(shared_objects, text_of(body, key));
                       });
  }

  /// A function of the server's own code does what it does under any other name.
  void language(const json& body) {
    for (const json& option : body.value("options", json::array())) {
      const json& element = option.value("DefElem", json::object());
      if (text_of(element, "defname") != "language" || !element.contains("arg")) continue;
      const std::string named = text::lower_ascii(string_of(element["arg"]));
      if (named == "internal" || named == "c") refuse("make a function in LANGUAGE " + named);
    }
  }

  void copy(const json& body) {
    if (is_true(body, "is_program")) refuse("run a program of the server (COPY … PROGRAM)");
    if (!text_of(body, "filename").empty()) {
      refuse("read or write files of the server (COPY with a file name)");
    }
    if (!is_true(body, "is_from")) facts_.kind = statement_kind::query;
  }

  /// The last of all reasons: it goes where the data come along.
  void copy_needs_data(const json& body) {
    if (!facts_.refusal.empty()) return;
    out_.takes_data = is_true(body, "is_from");
    facts_.refusal =
        "COPY with STDIN or STDOUT carries data that execute cannot: op.copy_in and op.import_csv "
        "write rows, op.export_csv and db:rows read them; in a .sql file the data stand behind "
        "COPY … FROM stdin";
  }

  void drop(const json& body) {
    const bool schema = text_of(body, "removeType") == "OBJECT_SCHEMA";
    if (!body.contains("objects")) return;
    for (const json& item : body["objects"]) {
      if (schema) {
        const std::string name = string_of(item);
        const bool holds =
            std::find(names_.schemas.begin(), names_.schemas.end(), name) != names_.schemas.end();
        if (holds) refuse("drop the schema '" + name + "', which holds luamig's own tables");
        continue;
      }
      if (item.contains("List")) add_write_list(item["List"]);
    }
  }

  void add_write_list(const json& list) {
    std::string name;
    for (const json& part : list.value("items", json::array())) {
      name += (name.empty() ? "" : ".") + string_of(part);
    }
    if (!name.empty()) add_write(name);
  }

  void body_text(const std::string& text) {
    const std::string lower = text::lower_ascii(text);
    for (const std::string& table : names_.tables) {
      if (lower.find(text::lower_ascii(table)) == std::string::npos) continue;
      refuse("name '" + table + "', one of luamig's own tables, in a body of code");
    }
    out_.may_dirty = true;
  }

  /// `node` is the kind of node, or the field where the tree leaves the kind out.
  void object(const std::string& node, const json& body, int depth) {
    if (depth > deepest) return refuse("nest a statement this deeply");
    if (body.is_array()) {
      for (const json& item : body) object(node, item, depth + 1);
      return;
    }
    if (!body.is_object()) return;
    if (among(row_changes, node)) row_change(node, body);
    if (node == "FuncCall") function(body);
    if (node == "VariableSetStmt") setting(text_of(body, "name"), constant_at(body, 0));
    if (body.contains("relname")) table(node, body);
    if (node == "String") name(text_of(body, "sval"));
    name(text_of(body, "newname"));
    const int before = reading_;
    if (only_reads(node, body)) ++reading_;
    for (const auto& [key, child] : body.items()) {
      const bool into = key == "intoClause" || key == "into";
      const int keep = reading_;
      if (into) reading_ = 0;
      if (among(row_changes, node) && key != "relation") ++reading_;
      changed_rows_ = among(row_changes, node) && key == "relation";
      object(key, child, depth + 1);
      changed_rows_ = false;
      reading_ = keep;
    }
    reading_ = before;
  }

  /// A query, CREATE TABLE … (LIKE …), and ANALYZE, which writes what it learns elsewhere.
  static bool only_reads(const std::string& node, const json& body) {
    return node == "SelectStmt" || node == "TableLikeClause" ||
           (node == "VacuumStmt" && !is_true(body, "is_vacuumcmd"));
  }

  void row_change(const std::string& node, const json& body) {
    if (facts_.kind == statement_kind::query) facts_.kind = statement_kind::change;
    out_.can_stream = false;
    const int keep = reading_;
    reading_ = 0;
    changed_rows_ = true;
    if (body.contains("relation")) table(node, body["relation"]);
    changed_rows_ = false;
    reading_ = keep;
  }

  void table(const std::string& field, const json& body) {
    if (reading_ > 0) return;
    const std::string schema = text_of(body, "schemaname");
    const std::string relation = text_of(body, "relname");
    if (field == "pktable" && is_protected(relation)) {
      refuse("let a foreign key refer to '" + relation + "', which is one of luamig's own tables");
    }
    if (changed_rows_ && relation == undo_table) {
      out_.changes_undo = true;
    } else {
      check_protected(relation);
    }
    if (text_of(body, "relpersistence") == "t") out_.may_dirty = true;
    const bool reads = facts_.kind == statement_kind::query || field == "pktable";
    if (!reads) add_write(schema.empty() ? relation : schema + "." + relation);
  }

  void add_write(const std::string& name) {
    if (std::find(facts_.writes.begin(), facts_.writes.end(), name) == facts_.writes.end()) {
      facts_.writes.push_back(name);
    }
  }

  /// A name in a list (DROP, COMMENT) or after RENAME TO. Inside rows and expressions it is data.
  void name(const std::string& text) {
    if (facts_.kind == statement_kind::schema && reading_ == 0 && !text.empty()) {
      check_protected(text);
    }
  }

  /// One of luamig's own tables, or a sequence of it.
  [[nodiscard]] bool is_protected(const std::string& relation) const {
    return std::any_of(names_.tables.begin(), names_.tables.end(), [&](const std::string& table) {
      return relation == table || (relation.starts_with(table + "_") && relation.ends_with("_seq"));
    });
  }

  void check_protected(const std::string& relation) {
    if (is_protected(relation))
      refuse("change '" + relation + "', which is one of luamig's own tables");
  }

  void function(const json& body) {
    calls_ = true;
    const auto names = body.find("funcname");
    if (names == body.end() || names->empty()) return;
    const std::string function = string_of(names->back());
    if (among(refused_functions, function)) refuse("call " + function + "()");
    if (function == "setval" || function == "nextval") sequence(constant_at(body, 0));
    if (function != "set_config" || !is_filled(body, "args")) return;
    const std::string name = constant_at(body, 0);
    if (name.empty()) return refuse("call set_config() with a name that is computed");
    setting(name, constant_at(body, 1));
  }

  /// Numbers that are taken stay taken, whatever is rolled back.
  void sequence(const std::string& name) {
    std::string plain;
    for (const char c : name.substr(name.find('.') + 1)) {
      if (c != '"') plain += c;
    }
    check_protected(plain);
  }

  /// The text constant among the arguments, "" for anything else.
  static std::string constant_at(const json& body, std::size_t at) {
    const auto args = body.find("args");
    if (args == body.end() || args->size() <= at) return "";
    const json& argument = (*args)[at];
    const json cast = argument.value("TypeCast", json::object()).value("arg", json::object());
    const json constant = (cast.empty() ? argument : cast).value("A_Const", json::object());
    return constant.contains("sval") ? text_of(constant["sval"], "sval") : "";
  }

  /// Dumps set what holds already: that is fine.
  void setting(const std::string& name, const std::string& to) {
    const std::string lower = text::lower_ascii(name);
    const std::string wanted = text::lower_ascii(to);
    const bool same = (lower == "client_encoding" && (wanted == "utf8" || wanted == "utf-8")) ||
                      (lower == "standard_conforming_strings" && wanted == "on") ||
                      (lower == "bytea_output" && wanted == "hex") ||
                      (lower == "datestyle" && wanted.substr(0, 3) == "iso");
    if (!same && among(refused_settings, lower)) refuse("set " + lower);
  }

  const protected_names& names_;
  postgres_reader::answer& out_;
  statement_facts& facts_;
  int reading_ = 0;
  bool changed_rows_ = false;  // the table under way is that of an INSERT, UPDATE or DELETE
  bool calls_ = false;
};

}  // namespace

void judge_statement(const json& statement, const protected_names& names,
                     postgres_reader::answer& out) {
  if (!statement.is_object() || statement.empty()) return;
  const auto first = statement.begin();
  judge{names, out}.statement(first.key(), first.value());
  if (out.facts.kind != statement_kind::query) out.can_stream = false;
}

}  // namespace luamig::db
