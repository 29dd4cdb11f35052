#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "cli/json_line.hpp"
#include "cli/surroundings.hpp"
#include "engine/effects.hpp"
#include "engine/plan_record.hpp"

namespace luamig::cli {

/// A data file that the scripts of a plan have asked for, as it was then.
struct planned_file {
  std::string name;      ///< "seed/names.csv", beneath the migrations directory
  std::string checksum;  ///< SHA-256 in hex of its bytes; "" where there was none
  bool written = false;  ///< by the plan itself: what a run reads of it cannot be told
};

/// A plan as it stands in a file: what is to be run, from where, and what it did when it was tried.
struct saved_plan {
  struct step {
    std::string revision;
    graph::direction way = graph::direction::upgrade;
    std::string message;
    std::string checksum;  ///< of its file
    std::string required;  ///< of what that requires; "" for nothing
    std::vector<engine::planned_operation> operations;
    std::string unknown;  ///< why the operations are not all known; "" where they are
    std::optional<engine::revision_effects> measured{};
  };
  graph::direction way = graph::direction::upgrade;
  std::string target;
  std::string engine;  ///< "sqlite", "postgresql"
  std::vector<std::string> start;
  std::vector<std::string> heads;
  std::string schema;  ///< its fingerprint
  surroundings around;
  std::vector<planned_file> files;
  std::vector<step> steps;
};

/// What is to be said of a file that the plan writes itself.
[[nodiscard]] std::string untold(const planned_file& file);

/// What this file is now.
[[nodiscard]] std::string checksum_of_data(context& in, const std::string& name);

[[nodiscard]] json_value to_json(const saved_plan& plan);

/// Throws error{errc::config} for a file that is none, and one of another version of luamig.
[[nodiscard]] saved_plan read_plan(const std::filesystem::path& path);

/// The plan, with its operations written and not run, or, `measured`, as a dry run has seen them.
[[nodiscard]] saved_plan make_saved_plan(context& in, graph::direction way,
                                         const std::string& target, const graph::plan& plan,
                                         bool measured);

}  // namespace luamig::cli
