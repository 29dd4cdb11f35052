#include "broker/broker_host.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include "broker/pack.hpp"
#include "broker/protocol.hpp"
#include "support/temporary_directory.hpp"

using namespace luamig;
using broker::packer;
using broker::verb;

namespace {

/// A worker that has been broken out of: it says that it is ready, and to the next call whatever
/// the test wants.
struct hostile {
  verb how;
  packer says;

  void operator()(const worker::process::inside& in) const {
    worker::channel host(in.socket);
    (void)host.receive_always();
    packer layers;
    broker::put(layers, worker::layers{});
    host.send(static_cast<unsigned char>(verb::done), layers);
    (void)host.receive_always();
    host.send(static_cast<unsigned char>(how), says);
    (void)host.receive_always();
  }
};

/// What comes of a call.
error outcome(const hostile& body, const std::function<void(engine::script_host&)>& call) {
  testing::temporary_directory root;
  worker::process child(body);
  engine::observer watching;
  bindings::lua_host_options options;
  options.migrations = root.path();
  const auto host = broker::make_broker_host(child, std::move(options), watching, false);
  try {
    call(*host);
  } catch (const error& e) {
    return e;
  }
  FAIL("nothing was thrown");
  return {errc::usage, ""};
}

packer packed(const error& e) {
  packer to;
  broker::put(to, e);
  return to;
}

}  // namespace

TEST_CASE("broker: a worker does not choose luamig's exit status") {
  for (int code = 0; code <= static_cast<int>(errc::sql); ++code) {
    CAPTURE(code);
    error said(static_cast<errc>(code), "trust me");
    said.kind = "overtaken";
    said.sqlstate = "40001";
    said.signal = 9;
    said.half_done = true;
    said.state_after = "all is well";
    const error e = outcome({verb::failed, packed(said)}, [](engine::script_host& host) {
      host.load(script::script{}, graph::direction::upgrade);
    });
    CHECK(e.message == "trust me");
    const int status = exit_status(e.code);
    CHECK((status == 1 || status == 3));
    CHECK(e.kind.empty());
    CHECK(e.sqlstate.empty());
    CHECK(e.signal == 0);
    CHECK(!e.half_done);
    CHECK(e.state_after.empty());
  }
}

TEST_CASE("broker: an answer that is none ends the worker, with luamig's own words") {
  const auto answer = [](const packer& says,
                         const std::function<void(engine::script_host&)>& call) {
    return outcome({verb::done, says}, call).message;
  };
  const std::string no_request =
      "the process that runs the scripts was ended: what it asked for is no request (";
  CHECK(answer({}, [](engine::script_host& host) { (void)host.url(); }).starts_with(no_request));
  CHECK(answer(packer().put(std::uint64_t{1} << 60U), [](engine::script_host& host) {
          (void)host.consult("x", {}, nullptr);
        }).starts_with(no_request));
}
