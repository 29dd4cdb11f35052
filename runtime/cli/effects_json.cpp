#include "cli/effects.hpp"

namespace luamig::cli {
namespace {

json_value tables_json(const engine::tables_touched& tables) {
  json_value object = json_value::object();
  for (const auto& [name, t] : tables) {
    object[name] = {{"inserted", t.inserted},
                    {"updated", t.updated},
                    {"deleted", t.deleted},
                    {"rewritten", t.rewritten > 0}};
  }
  return object;
}

json_value operation_json(const engine::operation_effects& o) {
  return {{"file", o.file},
          {"line", o.line},
          {"operation", o.name.empty() ? json_value() : json_value(o.name)},
          {"summary", o.summary},
          {"statements", o.statements},
          {"rows", o.rows},
          {"seconds", o.seconds},
          {"tables", tables_json(o.tables)},
          {"indexes", o.indexes},
          {"locks", o.locks},
          {"destroys", o.destroys.empty() ? json_value() : json_value(o.destroys)},
          {"sql", o.sql}};
}

}  // namespace

json_value effects_json(const engine::revision_effects& of) {
  json_value operations = json_value::array();
  for (const engine::operation_effects& o : of.operations) operations.push_back(operation_json(o));
  json_value locks = json_value::array();
  for (const engine::lock_effects& l : of.locks) {
    locks.push_back({{"table", l.table},
                     {"mode", l.mode},
                     {"seconds", l.seconds},
                     {"file", l.file},
                     {"line", l.line}});
  }
  json_value sequences = json_value::array();
  for (const engine::sequence_effects& s : of.sequences) {
    sequences.push_back({{"name", s.name}, {"before", s.before}, {"after", s.after}});
  }
  return {{"event", "report"},
          {"revision", of.revision},
          {"direction", graph::name(of.way)},
          {"message", of.message},
          {"failed", of.failed},
          {"seconds", of.seconds},
          {"statements", of.statements},
          {"rows", of.rows},
          {"operations", std::move(operations)},
          {"tables", tables_json(of.tables)},
          {"locks", std::move(locks)},
          {"wal_bytes", of.wal_bytes ? json_value(*of.wal_bytes) : json_value()},
          {"schema_diff", {{"added", of.schema_added}, {"removed", of.schema_removed}}},
          {"sequences", std::move(sequences)},
          {"not_simulated", of.not_simulated}};
}

}  // namespace luamig::cli
