// The book luamig_progress: a step that is done in parts, on both engines.
#include "engine/progress.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <optional>

#include "db/transaction.hpp"
#include "engine/version_store.hpp"
#include "fixture.hpp"
#include "support/postgres.hpp"

using namespace luamig;
using namespace luamig::test;
using engine::progress_entry;
using graph::direction;

namespace {

struct book : project {
  std::optional<testing::postgres_database> server;
  std::unique_ptr<db::connection> on;
  std::optional<engine::progress> progress;
  explicit book(std::optional<testing::postgres_database> where) : server(std::move(where)) {
    const db::url url =
        server ? db::parse_url(server->url(), root) : db::parse_url("sqlite:///app.db", root);
    db::open_options how;
    how.create = true;
    on = db::open_database(url, how);
    progress.emplace(*on, engine::version_store(*on, {}).where());
    in_transaction([&] { progress->create(); });
  }
  template <class Action>
  void in_transaction(Action action) const {
    db::transaction own(*on);
    action();
    own.commit();
  }
  void add(const std::string& kind, const std::string& record) {
    in_transaction([&] { progress->add("ab12", direction::upgrade, entry(kind, record), 1); });
  }
  void replace(const std::string& kind, const std::string& record, const std::string& before) {
    in_transaction(
        [&] { progress->replace_part("ab12", direction::upgrade, entry(kind, record), before); });
  }
  static progress_entry entry(const std::string& kind, const std::string& record) {
    return {kind, "k", 1, "backfill t", record, "", 2, 3};
  }
  [[nodiscard]] std::string kept() {
    const auto all = progress->entries("ab12", direction::upgrade);
    return all.size() == 1 ? all[0].kind + " " + all[0].record : std::to_string(all.size());
  }
};

void check_parts(book& b) {
  b.add("part", std::string("one\0", 4));
  b.replace("part", "two", std::string("one\0", 4));
  CHECK(b.kept() == "part two");
  b.replace("step", "done", "two");
  CHECK(b.kept() == "step done");
}

void check_fence(book& b) {
  b.add("part", "one");
  b.replace("part", "two", "one");
  CHECK_THROWS_WITH_AS(b.replace("part", "other two", "one"),
                       "another run has gone on with 'backfill t' of revision 'ab12' meanwhile",
                       error);
  CHECK(b.kept() == "part two");
}

}  // namespace

TEST_CASE("progress: a part takes the place of the one before, and the step that of the last") {
  book b{std::nullopt};
  check_parts(b);
}

TEST_CASE("progress: a part that is no longer the last one is not replaced") {
  book b{std::nullopt};
  check_fence(b);
}

TEST_CASE("progress: parts and their fence, on PostgreSQL" *
          doctest::skip(std::getenv("LUAMIG_TEST_PG") == nullptr)) {
  book first{testing::postgres_database::make()};
  check_parts(first);
  book second{testing::postgres_database::make()};
  check_fence(second);
}

TEST_CASE("progress: what is done so far is said in words") {
  CHECK(engine::done_so_far(1, false) == "1 step of it is done");
  CHECK(engine::done_so_far(3, false) == "3 steps of it are done");
  CHECK(engine::done_so_far(0, true) == "a part of its first step is done");
  CHECK(engine::done_so_far(1, true) == "1 step of it and a part of the next are done");
}
