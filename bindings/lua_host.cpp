#include "bindings/lua_host.hpp"

#include <atomic>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "bindings/autogenerate.hpp"
#include "bindings/context.hpp"
#include "bindings/env_file.hpp"
#include "bindings/error_object.hpp"
#include "bindings/guard.hpp"
#include "bindings/library.hpp"
#include "bindings/migration_file.hpp"
#include "bindings/script_call.hpp"
#include "bindings/shell_entries.hpp"
#include "bindings/state.hpp"
#include "bindings/stdlib.hpp"
#include "bindings/stopping.hpp"
#include "script/requirements.hpp"

namespace luamig::bindings {
namespace {

// A limit is passed by one script; an interrupt is the whole run's.
class limit_scope {
 public:
  explicit limit_scope(context& ctx) : ctx_(ctx) {}
  ~limit_scope() {
    int why = ctx_.interrupted.load();
    if (why < 0 && ctx_.interrupted.compare_exchange_strong(why, 0)) disarm(ctx_);
  }
  limit_scope(const limit_scope&) = delete;
  limit_scope& operator=(const limit_scope&) = delete;

 private:
  context& ctx_;
};

std::optional<std::string> own_variable(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

class lua_host final : public lua_scripts {
 public:
  lua_host(lua_host_options options, engine::observer& watching) {
    files_of_project_ = options.files ? std::move(options.files)
                                      : engine::files_beneath(options.migrations.string(), &data_);
    ctx_.files = files_of_project_.get();
    ctx_.variable = options.variable ? std::move(options.variable) : own_variable;
    ctx_.relays = options.relays;
    ctx_.rest = std::move(options.rest);
    ctx_.forked = std::move(options.forked);
    compiles_ = options.compiles;
    ctx_.stdlib = std::move(options.stdlib);
    ctx_.x = std::move(options.x);
    ctx_.secret = std::move(options.secret);
    places_ = std::move(options.second_place);
    ctx_.memory.limit = static_cast<std::size_t>(options.memory_limit);
    ctx_.limits = options.limits;
    ctx_.watching = &watching;
  }

  void load(const script::script& script, graph::direction way) override {
    const limit_scope scope(ctx_);
    auto& file = files_[script.head.revision];
    file = std::make_unique<migration_file>(script);
    file->load(lua(), way);
  }

  void run(const engine::step_context& step, engine::session& on) override {
    run_on(step, with_places(on));
  }
  void perform(const engine::step_context& step, engine::session& on,
               std::string_view operation) override {
    perform_on(step, with_places(on), operation);
  }
  void before_step(const engine::step_context& step, engine::session& on) override {
    hook_on("before_step", step, with_places(on));
  }
  void after_step(const engine::step_context& step, engine::session& on) override {
    hook_on("after_step", step, with_places(on));
  }

  void run_on(const engine::step_context& step, engine::door& on) override {
    migration_file& file = *files_.at(step.script->head.revision);
    const run_scope scope(ctx_, &step, &on);
    file.run(lua(), step.way);
  }

  void perform_on(const engine::step_context& step, engine::door& on,
                  std::string_view operation) override {
    const run_scope scope(ctx_, &step, &on);
    protected_call(lua(), [operation](lua_State* L) {
      push_module(L, "luamig.durable");
      lua_getfield(L, -1, "perform");
      lua_pushlstring(L, operation.data(), operation.size());
      lua_call(L, 1, 0);
    });
  }

  [[nodiscard]] std::optional<std::string> enter(const engine::step_context& step,
                                                 engine::session& on,
                                                 const engine::shell_entry& entry) override {
    return enter_on(step, with_places(on), entry);
  }

  [[nodiscard]] std::optional<std::string> enter_on(const engine::step_context& step,
                                                    engine::door& on,
                                                    const engine::shell_entry& entry) override {
    const run_scope scope(ctx_, &step, &on);
    scope.forget_interrupt();  // it was the last entry's
    return entries_.enter(lua(), entry);
  }

  [[nodiscard]] std::string required_checksum(const script::script& script) const override {
    const auto at = files_.find(script.head.revision);
    return at == files_.end() ? std::string() : script::checksum_of(at->second->required());
  }

  [[nodiscard]] engine::data_files files_asked_for() const override { return data_; }

  [[nodiscard]] std::vector<std::string> consult(std::string_view function,
                                                 const std::vector<std::string>& given,
                                                 engine::session* on) override {
    return consult_on(function, given, on);
  }

  [[nodiscard]] std::vector<std::string> consult_on(std::string_view function,
                                                    const std::vector<std::string>& given,
                                                    engine::door* on) override {
    env_file* const env = hooks();
    const run_scope scope(ctx_, nullptr, on);
    return ask_autogenerate(lua(), env == nullptr ? LUA_NOREF : env->environment(), function,
                            given);
  }

  [[nodiscard]] std::optional<std::string> url() override {
    const limit_scope scope(ctx_);
    env_file* env = hooks();
    return env == nullptr ? std::nullopt : env->url(lua());
  }

  void hook_on(const char* name, const engine::step_context& step, engine::door& on) override {
    if (hooks() == nullptr || !hooks()->has(name)) return;
    const run_scope scope(ctx_, &step, &on);
    hooks()->call(lua(), name, nullptr);
  }

  void on_error(const engine::step_context& step, const error& what) override {
    const run_scope scope(ctx_, &step, nullptr);
    scope.forget_interrupt();
    if (hooks() != nullptr) hooks()->call(lua(), "on_error", &what);
  }

  void interrupt(int signal) noexcept override {
    ctx_.interrupted.store(signal);
    if (lua_State* L = running_.load(); L != nullptr) lua_sethook(L, stop_hook, LUA_MASKCOUNT, 1);
  }

  [[nodiscard]] std::string editor_stubs() override {
    std::string stubs;
    protected_call(lua(), [&stubs](lua_State* L) {
      push_module(L, "luamig.meta");
      lua_getfield(L, -1, "stubs");
      lua_call(L, 0, 1);
      std::size_t size = 0;
      const char* data = lua_tolstring(L, -1, &size);
      if (data != nullptr) stubs.assign(data, size);
    });
    return stubs;
  }

 private:
  engine::session& with_places(engine::session& on) {
    on.find_places(places_, *ctx_.watching);
    return on;
  }

  lua_State* lua() {
    if (!state_) {
      if (!compiles_) ctx_.loading = true;
      state_ = std::make_unique<state>(ctx_);
      if (!compiles_) luaJIT_setmode(state_->get(), 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);
      running_.store(state_->get());
      if (ctx_.interrupted.load() != 0) interrupt(ctx_.interrupted.load());
    }
    return state_->get();
  }

  // env.lua, run once; null where there is none.
  env_file* hooks() {
    if (asked_for_env_) return env_.get();
    asked_for_env_ = true;
    const std::optional<std::string> source = ctx_.files->env();
    if (!source) return nullptr;
    auto env = std::make_unique<env_file>(*source);
    env->load(lua());
    env_ = std::move(env);
    return env_.get();
  }

  engine::data_files data_;
  std::shared_ptr<engine::script_files> files_of_project_;
  bool compiles_ = true;
  context ctx_;
  std::unique_ptr<state> state_;
  std::atomic<lua_State*> running_{nullptr};
  std::map<std::string, std::unique_ptr<migration_file>, std::less<>> files_;
  shell_entries entries_;
  engine::second_places places_;
  std::unique_ptr<env_file> env_;
  bool asked_for_env_ = false;
};

}  // namespace

std::unique_ptr<lua_scripts> make_lua_host(lua_host_options options, engine::observer& watching) {
  return std::make_unique<lua_host>(std::move(options), watching);
}

}  // namespace luamig::bindings
