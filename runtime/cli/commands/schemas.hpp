#pragma once

#include <string>

#include "cli/context.hpp"
#include "db/url.hpp"
#include "engine/schema_desk.hpp"

/// What the commands that look at schemas have in common.
namespace luamig::cli {

/// The desk of this project.
[[nodiscard]] engine::schema_desk make_desk(context& in);

/// Throws error{errc::difference} "Target database is not up to date." where a revision is pending.
void require_up_to_date(context& in);

/// Reads the database and what the models say. Returns the names under which the desk keeps them.
void read_database(context& in, engine::schema_desk& desk, const std::string& name);
void build_models(context& in, engine::schema_desk& desk, const std::string& name);
/// Reads another database. Throws error{errc::usage} where it is one of another kind.
void read_other(context& in, engine::schema_desk& desk, const std::string& name,
                const db::url& where);

/// The difference between the database and the models, as a report: exit 6 where there is one.
[[nodiscard]] report difference_of(std::vector<std::string> items, const std::string& none,
                                   const std::string& some);

}  // namespace luamig::cli
