#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "base/file.hpp"
#include "engine/migrator.hpp"
#include "support/temporary_directory.hpp"

namespace luamig::test {

/// A project in a directory of its own, on a SQLite file in it.
struct project {
  testing::temporary_directory directory;
  std::filesystem::path root = directory.path();
  project() { std::filesystem::create_directory(root / "versions"); }

  void add(const std::string& id, const std::string& parent, const std::string& more = "") const {
    const std::string down = parent.empty() ? "nil" : "\"" + parent + "\"";
    file::create(root / "versions" / (id + ".lua"),
                 "--- " + id + "\nrevision = \"" + id + "\"\ndown_revision = " + down + "\n" +
                     more + "\nfunction upgrade() end\nfunction downgrade() end\n");
  }
  [[nodiscard]] script::script_directory scripts() const { return {root, {root / "versions"}}; }
  [[nodiscard]] engine::run_options options() const {
    engine::run_options o;
    o.where = db::parse_url("sqlite:///app.db", root);
    o.how.create = true;
    return o;
  }
  [[nodiscard]] std::unique_ptr<db::connection> open() const {
    return db::open_database(options().where, {});
  }
};

/// A script host without Lua: what a revision does is a function.
struct fake_host : engine::script_host {
  std::map<std::string, std::function<void(engine::session&)>> up, down;
  std::vector<std::string> calls;

  void load(const script::script& s, graph::direction) override {
    calls.push_back("load " + s.head.revision);
  }
  void run(const engine::step_context& c, engine::session& on) override {
    calls.push_back("run " + c.script->head.revision);
    auto& actions = c.way == graph::direction::upgrade ? up : down;
    if (const auto found = actions.find(c.script->head.revision); found != actions.end()) {
      found->second(on);
    }
  }
  void perform(const engine::step_context&, engine::session&, std::string_view) override {}
  std::string required_checksum(const script::script&) const override { return {}; }
  std::vector<std::string> consult(std::string_view, const std::vector<std::string>&,
                                   engine::session*) override {
    return {};
  }
  std::optional<std::string> url() override { return std::nullopt; }
  void before_step(const engine::step_context&, engine::session&) override {}
  void after_step(const engine::step_context&, engine::session&) override {}
  void on_error(const engine::step_context&, const error& e) override {
    calls.push_back("on_error " + e.message);
  }
  void interrupt(int) noexcept override {}
  std::string editor_stubs() override { return {}; }
};

inline std::function<void(engine::session&)> sql(std::string text) {
  return [text](engine::session& on) { on.execute_text(text, {}, "x.lua", 1); };
}

}  // namespace luamig::test
