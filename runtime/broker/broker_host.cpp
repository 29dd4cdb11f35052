#include "broker/broker_host.hpp"

#include <atomic>
#include <map>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

#include "base/error.hpp"
#include "broker/remote_door.hpp"
#include "broker/servant.hpp"
#include "engine/script_clock.hpp"
#include "script/requirements.hpp"

namespace luamig::broker {
namespace {

error too_long(const script::script& script) {
  constexpr std::size_t mb = 1024U * 1024;
  error e(errc::script,
          "the file has " + std::to_string(script.text.size() / mb) + " MB; under --sandbox " +
              std::to_string(worker::most_of_a_frame / mb) + " MB is the most",
          "keep its data in a file beside it, for csv.rows; or --sandbox=off");
  e.file = script.name;
  return e;
}

packer packed(bindings::lua_host_options options) {
  std::erase_if(options.x, [](const auto& given) { return given.first == "url"; });  // as -u
  packer to;
  put(to, options);
  return to;
}

class broker_host final : public engine::script_host {
 public:
  broker_host(worker::process& in, bindings::lua_host_options options, engine::observer& watching,
              bool all_layers)
      : in_(in),
        limits_(options.limits),
        files_(engine::files_beneath(options.migrations.string(), &data_)),
        does_(in.to(), {*files_, watching, std::move(options.secret),
                        [this] { return why_.load() != 0; }, std::move(options.second_place)}) {
    const std::string answer =
        call(verb::begin, packed(std::move(options)), nullptr, nullptr, false, nullptr);
    say_layers(read(answer, get_layers), watching, all_layers);
  }

  void load(const script::script& script, graph::direction way) override {
    auto& required = required_[script.head.revision];
    required.clear();
    packer to;
    to.put(way);
    put(to, script);
    if (to.bytes().size() > worker::most_of_a_frame) throw too_long(script);
    call(verb::load, to, nullptr, nullptr, false, &required);
  }

  void run(const engine::step_context& step, engine::session& on) override {
    call(verb::run, about(step, on), &on, &step, false, &required_[step.script->head.revision]);
  }

  void perform(const engine::step_context& step, engine::session& on,
               std::string_view operation) override {
    packer to = about(step, on);
    to.put(operation);
    call(verb::perform, to, &on, &step, false, nullptr);
  }

  [[nodiscard]] std::optional<std::string> enter(const engine::step_context& step,
                                                 engine::session& on,
                                                 const engine::shell_entry& entry) override {
    why_.store(0);  // an interrupt was the last entry's
    packer to = about(step, on);
    to.put(entry.text).put(entry.name).put(static_cast<unsigned char>(entry.last));
    return get_optional(call(verb::enter, to, &on, &step, false, nullptr));
  }

  [[nodiscard]] std::string required_checksum(const script::script& script) const override {
    const auto at = required_.find(script.head.revision);
    return at == required_.end() ? std::string() : script::checksum_of(at->second);
  }

  [[nodiscard]] engine::data_files files_asked_for() const override { return data_; }

  [[nodiscard]] std::vector<std::string> consult(std::string_view function,
                                                 const std::vector<std::string>& given,
                                                 engine::session* on) override {
    packer to;
    to.put(static_cast<unsigned char>(on != nullptr));
    if (on != nullptr) put(to, state_of(*on));
    to.put(function);
    put(to, given);
    return read(call(verb::consult, to, on, nullptr, true, nullptr), get_texts);
  }

  [[nodiscard]] std::optional<std::string> url() override {
    return read(call(verb::url, {}, nullptr, nullptr, true, nullptr),
                [](unpacker& from) { return get_optional(from); });
  }

  void before_step(const engine::step_context& step, engine::session& on) override {
    hook("before_step", step, on);
  }
  void after_step(const engine::step_context& step, engine::session& on) override {
    hook("after_step", step, on);
  }

  void on_error(const engine::step_context& step, const error& what) override {
    if (in_.ended() || !has_env()) return;
    packer to;
    put(to, step);
    put(to, what);
    call(verb::on_error, to, nullptr, &step, true, nullptr);
  }

  void interrupt(int why) noexcept override {
    why_.store(why);
    in_.stop(why);
  }
  bool kill() noexcept override {
    in_.kill();
    return true;
  }

  [[nodiscard]] std::string editor_stubs() override {
    throw error{errc::usage, "the editor's stubs are not made under --sandbox"};
  }

 private:
  static packer about(const engine::step_context& step, engine::session& on) {
    packer to;
    put(to, step);
    put(to, state_of(on));
    return to;
  }
  static session_state state_of(engine::session& on) {
    return {on.kind(), on.offline(), on.takes_steps(), on.names_operations(), on.depth()};
  }

  [[nodiscard]] bool has_env() {
    if (!has_env_) has_env_ = files_->env().has_value();
    return *has_env_;
  }

  void hook(const char* name, const engine::step_context& step, engine::session& on) {
    if (!has_env()) return;
    packer to = about(step, on);
    to.put(name);
    call(verb::hook, to, &on, &step, true, nullptr);
  }

  void say_layers(const worker::layers& there, engine::observer& watching, bool all) const {
    using level = engine::observer::level;
    const std::string missing = there.names(false);
    if (all && !there.all()) {
      in_.end();
      throw error{errc::refused, "--sandbox=require: this system lacks " + missing,
                  "--sandbox goes without it; --sandbox=off runs scripts in luamig's own process"};
    }
    watching.message(level::debug, "sandbox: " + there.names(true));
    if (!missing.empty())
      watching.message(level::warning,
                       "the sandbox goes without what this system lacks: " + missing);
  }

  /// Calls the worker, and does what it asks for until it has come to an end.
  std::string call(verb what, const packer& values, engine::session* on,
                   const engine::step_context* step, bool env,
                   std::map<std::string, std::string>* required) {
    if (in_.ended()) throw lost("the process that runs the scripts has ended");
    // An interrupt is the whole run's.
    if (why_.load() < 0) why_.store(0);
    does_.begin(on, step, env, required);
    const struct ending {
      servant& does;
      ~ending() { does.end(); }
    } at_end{does_};
    try {
      in_.to().send(static_cast<unsigned char>(what), values);
      worker::frame asked = in_.to().receive_always();
      while (does_.serve(asked)) asked = in_.to().receive_always();
      unpacker from(asked.bytes);
      if (asked.kind == static_cast<unsigned char>(verb::failed))
        throw taken(get_error(from), what);
      return std::move(asked.bytes);
    } catch (const bad_frame& e) {
      throw no_request(e);
    } catch (const std::system_error&) {
      const std::string how = in_.end(true);
      if (why_.load() < 0) {
        error e = engine::past_limit(static_cast<engine::time_limit>(-why_.load()), limits_);
        e.file = does_.last_file();
        e.line = does_.last_line();
        e.message += ", and could not be stopped";
        throw e;
      }
      error e = lost("the process that runs the scripts " + how);
      if (why_.load() > 0) {
        e.code = errc::interrupted;
        e.signal = why_.load();
      }
      throw e;
    }
  }

  /// What the worker ends with is an error of a script's: neither the exit status nor whether the
  /// step is tried again is its to choose, unless it was told such an error.
  error taken(error e, verb what) const {
    const bool runs = what == verb::run || what == verb::perform || what == verb::enter;
    const bool of_file = !runs && (e.code == errc::script || e.code == errc::config);
    const bool stopped = e.code == errc::interrupted && why_.load() > 0;
    const error own = of_script(e);
    // One of the database's is a migration's when it leaves a script.
    const bool told = e.code != errc::sql && does_.has_told(e.code);
    if (!of_file && !stopped && !told) e.code = own.code;
    if (!does_.has_told(e.sqlstate)) e.sqlstate.clear();
    const bool own_kind = e.kind == "memory" || e.kind == "time" || e.kind == "connection";
    if (!own_kind && !does_.has_told(e.kind)) e.kind.clear();
    e.signal = stopped ? why_.load() : 0;
    e.half_done = false;
    e.state_after.clear();
    return e;
  }

  /// What it has answered to a call.
  template <class Get>
  std::invoke_result_t<Get, unpacker&> read(const std::string& answer, Get get) {
    try {
      unpacker from(answer);
      return get(from);
    } catch (const bad_frame& e) {
      throw no_request(e);
    }
  }

  error no_request(const bad_frame& e) {
    in_.end();
    return lost("the process that runs the scripts was ended: what it asked for is no request (" +
                std::string(e.what()) + ")");
  }

  error lost(std::string message) const {
    error e(errc::migration, std::move(message),
            "a script that breaks out of Lua, or needs more memory than there is, ends so");
    e.kind = "worker";
    e.file = does_.last_file();
    e.line = does_.last_line();
    return e;
  }

  worker::process& in_;
  engine::script_limits limits_;
  engine::data_files data_;
  std::unique_ptr<engine::script_files> files_;
  std::atomic<int> why_{0};
  servant does_;
  std::optional<bool> has_env_;
  std::map<std::string, std::map<std::string, std::string>, std::less<>> required_;
};

}  // namespace

std::unique_ptr<engine::script_host> make_broker_host(worker::process& in,
                                                      bindings::lua_host_options options,
                                                      engine::observer& watching, bool all_layers) {
  return std::make_unique<broker_host>(in, std::move(options), watching, all_layers);
}

}  // namespace luamig::broker
