#include "codec/crypto.hpp"

#include <doctest/doctest.h>
#include <sodium/crypto_pwhash.h>

#include "base/error.hpp"

using namespace luamig;

TEST_CASE("crypto: hexadecimal digits and base64 come back, and nothing else is read") {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    CHECK(codec::from_hex(codec::hex(bytes)) == bytes);
    CHECK(codec::from_base64(codec::base64(bytes)) == bytes);
    bytes += static_cast<char>(i * 7);
  }
  CHECK(codec::hex("\xff\x0a") == "ff0a");
  CHECK(codec::from_hex("FF0a") == "\xff\x0a");
  for (const char* bad : {"f", "fg", "ff ", " ff", "0xff", "ff:ff"}) CHECK(!codec::from_hex(bad));
  CHECK(codec::base64("fooba") == "Zm9vYmE=");
  for (const char* bad :
       {"Z", "Zm9vYmE", "Zm9v YmE=", "Zm9vYmE=\n", "Zm9v_mE=", "====", "Zm9vYmE=="})
    CHECK_MESSAGE(!codec::from_base64(bad), bad);
}

TEST_CASE("crypto: HMAC-SHA256 is that of RFC 4231") {
  CHECK(codec::hex(codec::hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(codec::hex(codec::hmac_sha256(std::string(131, '\xaa'),
                                      "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("crypto: what is sealed opens with the same key, unchanged only") {
  const std::string key = codec::read_key(std::string(64, 'a'), "x");
  CHECK(codec::read_key(codec::base64(key), "x") == key);
  for (const std::string& text : {std::string(), std::string("a\0b", 3), std::string(5000, 'x')}) {
    std::string sealed = codec::seal(key, text);
    CHECK(sealed != codec::seal(key, text));
    CHECK(codec::open(key, sealed) == text);
    CHECK(!codec::open(codec::read_key(std::string(64, 'b'), "x"), sealed));
    sealed[30] = static_cast<char>(sealed[30] ^ 1);
    CHECK(!codec::open(key, sealed));
    CHECK(!codec::open(key, sealed.substr(0, 20)));
  }
}

TEST_CASE("crypto: a key that is none is refused without being shown") {
  for (const char* bad : {"", "short-Geheimnis", "aa", "YWJj"}) {
    try {
      (void)codec::read_key(bad, "crypto.seal");
      FAIL("no error");
    } catch (const error& e) {
      CHECK(e.message.starts_with("crypto.seal: the key is not 32 bytes"));
      CHECK(e.message.find("Geheimnis") == std::string::npos);
    }
  }
}

TEST_CASE("crypto: a password's hash is argon2id's and holds") {
  const std::string hash = codec::password_hash("pässword");
  CHECK(hash.starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
  CHECK(hash != codec::password_hash("pässword"));
  CHECK(crypto_pwhash_str_verify(hash.c_str(), "pässword", 9) == 0);
  CHECK(crypto_pwhash_str_verify(hash.c_str(), "password", 8) != 0);
}
