#include "db/postgres_tree.hpp"

#include <algorithm>
#include <array>

namespace luamig::db {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 8> never_in_transactions = {
    "CreatedbStmt",       "DropdbStmt",        "AlterSystemStmt",        "CreateTableSpaceStmt",
    "DropTableSpaceStmt", "AlterDatabaseStmt", "CreateSubscriptionStmt", "DropSubscriptionStmt"};

bool detaches_concurrently(const json& body) {
  const auto commands = body.find("cmds");
  if (commands == body.end()) return false;
  return std::any_of(commands->begin(), commands->end(), [](const json& command) {
    const json at = command.value("AlterTableCmd", json::object());
    const json def = at.value("def", json::object());
    return def.contains("PartitionCmd") && is_true(def["PartitionCmd"], "concurrent");
  });
}

}  // namespace

std::string text_of(const json& body, const char* key) {
  const auto found = body.find(key);
  return found != body.end() && found->is_string() ? found->get<std::string>() : "";
}

bool is_true(const json& body, const char* key) {
  const auto found = body.find(key);
  return found != body.end() && found->is_boolean() && found->get<bool>();
}

bool is_filled(const json& body, const char* key) {
  const auto found = body.find(key);
  return found != body.end() && !found->empty();
}

bool has_option(const json& body, const char* list, std::string_view wanted) {
  const auto found = body.find(list);
  if (found == body.end()) return false;
  return std::any_of(found->begin(), found->end(), [&](const json& item) {
    return item.contains("DefElem") && text_of(item["DefElem"], "defname") == wanted;
  });
}

std::string string_of(const json& item) {
  return item.is_object() && item.contains("String") ? text_of(item["String"], "sval") : "";
}

bool needs_autocommit(std::string_view node, const json& body) {
  if (node == "IndexStmt" || node == "DropStmt") return is_true(body, "concurrent");
  if (node == "VacuumStmt") return is_true(body, "is_vacuumcmd");
  if (node == "ReindexStmt") {
    const std::string what = text_of(body, "kind");
    return has_option(body, "params", "concurrently") || what == "REINDEX_OBJECT_SCHEMA" ||
           what == "REINDEX_OBJECT_SYSTEM" || what == "REINDEX_OBJECT_DATABASE";
  }
  if (node == "ClusterStmt") return !body.contains("relation");
  if (node == "AlterTableStmt") return detaches_concurrently(body);
  return std::find(never_in_transactions.begin(), never_in_transactions.end(), node) !=
         never_in_transactions.end();
}

}  // namespace luamig::db
