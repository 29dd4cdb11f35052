#include "cli/plan_file.hpp"

#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/version.hpp"
#include "cli/effects.hpp"

namespace luamig::cli {
namespace {

constexpr int format_number = 3;

struct bad_plan : std::runtime_error {
  using std::runtime_error::runtime_error;
};

json_value operation_json(const engine::planned_operation& o) {
  return {{"file", o.file},
          {"line", o.line},
          {"operation", o.name.empty() ? json_value() : json_value(o.name)},
          {"summary", o.summary},
          {"statements", o.statements},
          {"locks", o.locks},
          {"destroys", o.destroys.empty() ? json_value() : json_value(o.destroys)},
          {"sql", o.sql}};
}

/// What is compared again when the plan is run.
json_value measured_json(const engine::revision_effects& of) {
  json_value all = effects_json(of);
  json_value out;
  for (const char* const key : {"seconds", "statements", "rows", "tables", "locks", "wal_bytes",
                                "schema_diff", "sequences", "not_simulated"}) {
    out[key] = all[key];
  }
  return out;
}

graph::direction way_of(const std::string& name) {
  for (const auto way :
       {graph::direction::upgrade, graph::direction::downgrade, graph::direction::repeat}) {
    if (graph::name(way) == name) return way;
  }
  throw bad_plan("'" + name + "' is no direction");
}

/// A count of rows. Numbers that are none would be cut to fit.
std::int64_t count_of(const json_value& from) {
  const bool fits = from.is_number_unsigned() &&
                    from.get<std::uint64_t>() <= std::numeric_limits<std::int64_t>::max();
  if (!fits) throw bad_plan(from.dump() + " is no count of rows");
  return from.get<std::int64_t>();
}

engine::revision_effects measured_of(const json_value& from) {
  engine::revision_effects out;
  for (const auto& [table, t] : from.at("tables").items()) {
    out.tables[table] = {count_of(t.at("inserted")), count_of(t.at("updated")),
                         count_of(t.at("deleted")), t.at("rewritten").get<bool>() ? 1 : 0};
  }
  out.rows = count_of(from.at("rows"));
  return out;
}

saved_plan from_json(const json_value& from) {
  saved_plan plan;
  plan.way = way_of(from.at("direction").get<std::string>());
  plan.target = from.at("target").get<std::string>();
  plan.engine = from.at("engine").get<std::string>();
  plan.start = from.at("start").get<std::vector<std::string>>();
  plan.heads = from.at("heads").get<std::vector<std::string>>();
  plan.schema = from.at("schema").get<std::string>();
  plan.around = surroundings_of(from);
  if (!from.at("files").is_array()) throw bad_plan("its files are no list");
  for (const json_value& one : from.at("files")) {
    const json_value& checksum = one.at("checksum");
    plan.files.push_back({one.at("file").get<std::string>(),
                          checksum.is_null() ? std::string() : checksum.get<std::string>(),
                          one.at("written").get<bool>()});
  }
  if (!from.at("steps").is_array()) throw bad_plan("its steps are no list");
  for (const json_value& one : from.at("steps")) {
    saved_plan::step s;
    s.revision = one.at("revision").get<std::string>();
    s.way = way_of(one.at("direction").get<std::string>());
    s.checksum = one.at("checksum").get<std::string>();
    s.required = one.at("required").get<std::string>();
    if (!one.at("operations").is_array()) throw bad_plan("operations are no list");
    if (!one.at("unknown").is_null()) s.unknown = one.at("unknown").get<std::string>();
    if (!one.at("measured").is_null()) s.measured = measured_of(one.at("measured"));
    plan.steps.push_back(std::move(s));
  }
  return plan;
}

}  // namespace

std::string untold(const planned_file& file) {
  return "what is read of the data file '" + file.name +
         "' cannot be told: a revision of the plan writes it";
}

json_value to_json(const saved_plan& plan) {
  json_value steps = json_value::array();
  for (const saved_plan::step& s : plan.steps) {
    json_value operations = json_value::array();
    for (const engine::planned_operation& o : s.operations) operations.push_back(operation_json(o));
    steps.push_back({{"revision", s.revision},
                     {"direction", graph::name(s.way)},
                     {"message", s.message},
                     {"checksum", s.checksum},
                     {"required", s.required},
                     {"operations", std::move(operations)},
                     {"unknown", s.unknown.empty() ? json_value() : json_value(s.unknown)},
                     {"measured", s.measured ? measured_json(*s.measured) : json_value()}});
  }
  json_value out{{"luamig_plan", format_number}, {"luamig", version},
                 {"engine", plan.engine},        {"direction", graph::name(plan.way)},
                 {"target", plan.target},        {"start", plan.start},
                 {"heads", plan.heads},          {"schema", plan.schema}};
  put(out, plan.around);
  json_value files = json_value::array();
  for (const planned_file& one : plan.files) {
    files.push_back({{"file", one.name},
                     {"checksum", one.checksum.empty() ? json_value() : json_value(one.checksum)},
                     {"written", one.written}});
  }
  out["files"] = std::move(files);
  out["steps"] = std::move(steps);
  return out;
}

saved_plan read_plan(const std::filesystem::path& path) {
  const std::string text = file::read(path);
  const auto none = [&](const std::string& why) {
    return error{errc::config, "'" + path.string() + "' is no plan: " + why,
                 "luamig plan upgrade -o FILE makes one"};
  };
  try {
    const json_value from = json_value::parse(text);
    if (!from.is_object() || !from.contains("luamig_plan")) throw none("it has no luamig_plan");
    if (from.at("luamig_plan") != json_value(format_number)) {
      throw none("it is of another version of luamig");
    }
    return from_json(from);
  } catch (const bad_plan& e) {
    throw none(e.what());
  } catch (const json_value::exception& e) {  // the edge of the library
    const std::string why = e.what();
    throw none(why.substr(why.find("] ") + 2));
  }
}

}  // namespace luamig::cli
