#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "db/postgres_facts.hpp"

namespace luamig::db {

/// What scripts may not touch.
struct protected_names {
  const std::vector<std::string>& tables;
  const std::vector<std::string>& schemas;
};

/// Fills `out` from one statement of libpg_query's JSON tree: {"SelectStmt": {…}}.
void judge_statement(const nlohmann::json& statement, const protected_names& names,
                     postgres_reader::answer& out);

}  // namespace luamig::db
