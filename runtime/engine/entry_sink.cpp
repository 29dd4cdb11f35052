#include "engine/entry_sink.hpp"

namespace luamig::engine {

void entry_sink::ready(const statement& s) {
  tell_.asked();
  const db::statement_facts facts = reader().inspect(s.sql);
  const bool reads = facts.kind == db::statement_kind::query && facts.writes.empty();
  if (!reads) tell_.changes();
  behind_.ready(s);
}

void entry_sink::host(const std::string& sql) {
  tell_.asked();
  behind_.host(sql);
}

void entry_sink::rebuild(bool begins) {
  if (begins) {
    tell_.asked();
    tell_.changes();
  }
  behind_.rebuild(begins);
}

db::connection* entry_sink::catalog() {
  tell_.asked();
  return behind_.catalog();
}

}  // namespace luamig::engine
