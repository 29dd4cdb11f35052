#pragma once

#include <csignal>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "bindings/lua_host.hpp"
#include "db/connection.hpp"
#include "db/transaction.hpp"
#include "engine/live_sink.hpp"
#include "script/checksum.hpp"
#include "script/header.hpp"
#include "support/temporary_directory.hpp"

namespace luamig::test {

/// Keeps what scripts print.
struct listener final : engine::observer {
  std::vector<std::string> lines;
  std::function<void(std::string_view)> heard;
  std::vector<std::string> worked;
  void rows_worked(const rows_done& done) override {
    worked.push_back(done.what + " " + std::to_string(done.rows) +
                     (done.total ? "/" + std::to_string(*done.total) : ""));
  }
  void message(level, std::string_view text) override {
    lines.emplace_back(text);
    if (heard) heard(text);
  }
};

/// A migrations directory, a database in memory and a host.
struct workshop {
  testing::temporary_directory directory;
  std::filesystem::path root = directory.path();
  listener output;
  std::unique_ptr<engine::script_host> host;
  std::unique_ptr<db::connection> database;
  std::vector<std::unique_ptr<script::script>> scripts;

  workshop() {
    db::open_options how;
    how.create = true;
    database = db::open_database(db::parse_url("sqlite://", root), how);
    restart({});
  }
  // The host reports to the rest.
  ~workshop() { host.reset(); }
  workshop(const workshop&) = delete;
  workshop& operator=(const workshop&) = delete;

  void restart(bindings::lua_host_options options) {
    options.migrations = root;
    host = bindings::make_lua_host(std::move(options), output);
  }

  void add(const std::string& path, const std::string& content) const {
    std::filesystem::create_directories((root / path).parent_path());
    file::create(root / path, content);
  }

  const script::script& load(const std::string& source,
                             graph::direction way = graph::direction::upgrade) {
    auto s = std::make_unique<script::script>();
    s->name = "versions/x.lua";
    s->text = script::normalise(source);
    s->head = script::scan_lua(source, s->name);
    scripts.push_back(std::move(s));
    host->load(*scripts.back(), way);
    return *scripts.back();
  }

  void run(const script::script& s, graph::direction way = graph::direction::upgrade) {
    engine::live_sink sink(*database, output);
    engine::session session(sink);
    engine::step_context step;
    step.script = &s;
    step.way = way;
    step.shown_url = "sqlite://";
    step.tag = "blue";
    step.began = 1'700'000'000'000;
    db::transaction transaction(*database);
    host->run(step, session);
    session.require_whole();
    transaction.commit();
  }

  /// Loads and runs a revision whose upgrade() is `body`, which begins in line 1.
  void upgrade(const std::string& body, const std::string& before = "") {
    run(load(before + "function upgrade() " + body +
             "\nend\nrevision = \"x1\" function downgrade() end\n"));
  }

  /// The error that `body` ends with; a failed test where there is none.
  error failure(const std::string& body, const std::string& before = "") {
    try {
      upgrade(body, before);
    } catch (const error& e) {
      return e;
    }
    return error(errc::usage, "no error was raised");
  }

  error load_failure(const std::string& source) {
    try {
      load(source);
    } catch (const error& e) {
      return e;
    }
    return error(errc::usage, "no error was raised");
  }

  /// What print(…) says of expressions.
  std::string print(const std::string& expressions, const std::string& before = "") {
    output.lines.clear();
    upgrade(before + " print(" + expressions + ")");
    return output.lines.empty() ? "" : output.lines.back();
  }
};

}  // namespace luamig::test
