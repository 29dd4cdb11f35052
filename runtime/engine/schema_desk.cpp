#include "engine/schema_desk.hpp"

#include <utility>

#include "db/transaction.hpp"
#include "engine/live_sink.hpp"
#include "engine/scratch.hpp"
#include "engine/session.hpp"

namespace luamig::engine {
schema_desk::schema_desk(script_host& host, observer& watching, db::open_options how, books where)
    : host_(host), watching_(watching), how_(std::move(how)), where_(std::move(where)) {}

std::vector<std::string> schema_desk::consult_on(std::string_view function,
                                                 std::vector<std::string> given,
                                                 db::connection& on) {
  given.insert(given.begin(), where_.version_table);
  const db::transaction undone(on, db::transaction::for_a_look{});
  live_sink behind(on, watching_);
  session door(behind);
  return host_.consult(function, given, &door);
}

void schema_desk::read(std::string_view name, db::connection& on) {
  (void)consult_on("read", {std::string(name)}, on);
}

void schema_desk::read_nothing(std::string_view name) {
  read(name, *make_scratch(how_, where_, nullptr));
}

void schema_desk::build(std::string_view name, std::string_view source, std::string_view text,
                        db::connection* beside) {
  std::vector<std::string> given{std::string(name), std::string(source), std::string(text)};
  if (beside == nullptr || beside->kind() == db::engine::sqlite) {
    (void)consult_on("build", std::move(given), *make_scratch(how_, where_, nullptr));
    return;
  }
  (void)consult_on("build", std::move(given), *beside);
}

std::vector<std::string> schema_desk::ask(std::string_view function, std::vector<std::string> given,
                                          db::connection* on) {
  if (on != nullptr) return consult_on(function, std::move(given), *on);
  return consult_on(function, std::move(given), *make_scratch(how_, where_, nullptr));
}

}  // namespace luamig::engine
