#include "bindings/lua_host.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "base/file.hpp"
#include "bindings/autogenerate.hpp"
#include "bindings/context.hpp"
#include "bindings/env_file.hpp"
#include "bindings/error_object.hpp"
#include "bindings/guard.hpp"
#include "bindings/library.hpp"
#include "bindings/migration_file.hpp"
#include "bindings/script_call.hpp"
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

class lua_host final : public engine::script_host {
 public:
  lua_host(lua_host_options options, engine::observer& watching) {
    ctx_.migrations = std::move(options.migrations);
    ctx_.stdlib = std::move(options.stdlib);
    ctx_.x = std::move(options.x);
    ctx_.secret = std::move(options.secret);
    ctx_.second_place = std::move(options.second_place);
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
    migration_file& file = *files_.at(step.script->head.revision);
    const run_scope scope(ctx_, &step, &on);
    file.run(lua(), step.way);
  }

  void perform(const engine::step_context& step, engine::session& on,
               std::string_view operation) override {
    const run_scope scope(ctx_, &step, &on);
    protected_call(lua(), [operation](lua_State* L) {
      push_module(L, "luamig.durable");
      lua_getfield(L, -1, "perform");
      lua_pushlstring(L, operation.data(), operation.size());
      lua_call(L, 1, 0);
    });
  }

  [[nodiscard]] std::string required_checksum(const script::script& script) const override {
    const auto at = files_.find(script.head.revision);
    return at == files_.end() ? std::string() : script::checksum_of(at->second->required());
  }

  [[nodiscard]] std::vector<std::string> consult(std::string_view function,
                                                 const std::vector<std::string>& given,
                                                 engine::session* on) override {
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

  void before_step(const engine::step_context& step, engine::session& on) override {
    call_hook("before_step", step, &on);
  }

  void after_step(const engine::step_context& step, engine::session& on) override {
    call_hook("after_step", step, &on);
  }

  void on_error(const engine::step_context& step, const error& what) override {
    const run_scope scope(ctx_, &step, nullptr);
    scope.forget_interrupt();
    if (hooks() != nullptr) hooks()->call(lua(), "on_error", &what);
  }

  void interrupt(int signal) noexcept override {
    ctx_.interrupted.store(signal);
    ctx_.second.interrupt();
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
  lua_State* lua() {
    if (!state_) {
      state_ = std::make_unique<state>(ctx_);
      running_.store(state_->get());
      if (ctx_.interrupted.load() != 0) interrupt(ctx_.interrupted.load());
    }
    return state_->get();
  }

  // env.lua, run once; null where there is none.
  env_file* hooks() {
    if (asked_for_env_) return env_.get();
    asked_for_env_ = true;
    const auto path = ctx_.migrations / "env.lua";
    if (!file::exists(path)) return nullptr;
    auto env = std::make_unique<env_file>(path);
    env->load(lua());
    env_ = std::move(env);
    return env_.get();
  }

  void call_hook(const char* name, const engine::step_context& step, engine::session* on) {
    if (hooks() == nullptr || !hooks()->has(name)) return;
    const run_scope scope(ctx_, &step, on);
    hooks()->call(lua(), name, nullptr);
  }

  context ctx_;
  std::unique_ptr<state> state_;
  std::atomic<lua_State*> running_{nullptr};
  std::map<std::string, std::unique_ptr<migration_file>, std::less<>> files_;
  std::unique_ptr<env_file> env_;
  bool asked_for_env_ = false;
};

}  // namespace

std::unique_ptr<engine::script_host> make_lua_host(lua_host_options options,
                                                   engine::observer& watching) {
  return std::make_unique<lua_host>(std::move(options), watching);
}

}  // namespace luamig::bindings
