#include "engine/sql_host.hpp"

#include "script/sql_file.hpp"

namespace luamig::engine {
namespace {

class sql_host final : public script_host {
 public:
  explicit sql_host(std::unique_ptr<script_host> others) : others_(std::move(others)) {}

  /// Its scan has said all that can be known before it runs.
  void load(const script::script& script, graph::direction way) override {
    if (!script::is_sql_name(script.name)) others_->load(script, way);
  }

  void run(const step_context& step, session& on) override {
    const script::script& script = *step.script;
    if (!script::is_sql_name(script.name)) return others_->run(step, on);
    if (script.is_repeatable()) return run_section({script.text, 1}, step, on);
    const script::sql_sections sections = script::read_sql_sections(script.text);
    const bool up = step.way != graph::direction::downgrade;
    run_section(up ? sections.upgrade : sections.downgrade, step, on);
  }

  void perform(const step_context& step, session& on, std::string_view operation) override {
    others_->perform(step, on, operation);
  }

  [[nodiscard]] std::optional<std::string> enter(const step_context& step, session& on,
                                                 const shell_entry& entry) override {
    return others_->enter(step, on, entry);
  }

  [[nodiscard]] std::string required_checksum(const script::script& script) const override {
    return script::is_sql_name(script.name) ? std::string() : others_->required_checksum(script);
  }

  [[nodiscard]] data_files files_asked_for() const override { return others_->files_asked_for(); }

  [[nodiscard]] std::vector<std::string> consult(std::string_view function,
                                                 const std::vector<std::string>& given,
                                                 session* on) override {
    return others_->consult(function, given, on);
  }

  [[nodiscard]] std::optional<std::string> url() override { return others_->url(); }
  void before_step(const step_context& step, session& on) override {
    others_->before_step(step, on);
  }
  void after_step(const step_context& step, session& on) override { others_->after_step(step, on); }
  void on_error(const step_context& step, const error& what) override {
    others_->on_error(step, what);
  }
  void interrupt(int signal) noexcept override { others_->interrupt(signal); }
  bool kill() noexcept override { return others_->kill(); }
  [[nodiscard]] std::string editor_stubs() override { return others_->editor_stubs(); }

 private:
  /// As a failing line of Lua does, an error leaves with its place in the file.
  static void run_section(const script::sql_section& section, const step_context& step,
                          session& on) {
    try {
      on.execute_script(section.text, step.script->name, section.line);
    } catch (error& e) {
      if (e.line == 0 && on.failed()) {
        e.file = on.failed_statement().file;
        e.line = on.failed_statement().line;
      }
      throw;
    }
  }

  std::unique_ptr<script_host> others_;
};

}  // namespace

std::optional<std::string> script_host::enter(const step_context&, session&, const shell_entry&) {
  throw error(errc::usage, "these scripts have no shell");
}

std::unique_ptr<script_host> with_sql_files(std::unique_ptr<script_host> others) {
  return std::make_unique<sql_host>(std::move(others));
}

}  // namespace luamig::engine
