// SPDX-License-Identifier: MIT

// Whether there are local sockets at all, and their addresses.

#include <gtest/gtest.h>

#include <string>

#include <tests/support/local.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

TEST(LocalFamily, IsThereOrSaysThatItIsNot) {
  const own_folder folder;
  const auto where = folder.address_of("nobody");

  const auto connected = local_stream::connect(where, soon());
  const auto listens = local_listener::listen(where);

  if (system().name == "Wine") {
    EXPECT_THAT(connected, FailsWith(errc::family_not_supported));
    EXPECT_THAT(listens, FailsWith(errc::family_not_supported));
    EXPECT_FALSE(exists(folder.path_of("nobody.lock")));
  } else if (has_local_sockets()) {
    EXPECT_THAT(connected, FailsWith(errc::connection_refused));
    EXPECT_THAT(listens, Succeeds());
  } else {  // Windows before 10 1803
    EXPECT_TRUE(is_unsupported(connected.error()));
    EXPECT_TRUE(is_unsupported(listens.error()));
  }
}

TEST(LocalAddress, IsAPathOfUtf8) {
  EXPECT_EQ(must(local_address::at("/run/büro.sock")).text(), "/run/büro.sock");
  EXPECT_TRUE(must(local_address::at("relative")).is_path());
  EXPECT_EQ(to_string(must(local_address::at("/run/s"))), "/run/s");

  EXPECT_THAT(local_address::at(""), FailsWith(errc::invalid_argument));
  EXPECT_THAT(local_address::at("latin-\xfc"), FailsWith(errc::invalid_argument));
  EXPECT_THAT(local_address::at(std::string_view{"/run/\0s", 7}),
              FailsWith(errc::invalid_argument));
}

TEST(LocalAddress, IsRefusedWhereItIsTooLongForTheSystem) {
  EXPECT_GE(local_address::limit(), local_address::portable_limit);
  EXPECT_LT(local_address::limit(), local_address::capacity);

  EXPECT_THAT(local_address::at(std::string(local_address::limit(), 'p')), Succeeds());
  const auto longer = local_address::at(std::string(local_address::limit() + 1, 'p'));
  EXPECT_THAT(longer, FailsWith(errc::name_too_long));
  EXPECT_EQ(longer.error().message(), "name too long");
}

TEST(LocalAddress, IsUnnamedUntilItIsGivenAName) {
  const local_address unnamed;

  EXPECT_TRUE(unnamed.is_unnamed());
  EXPECT_EQ(to_string(unnamed), "(unnamed)");
  EXPECT_THAT(local_stream::connect(unnamed), FailsWith(errc::invalid_argument));
  EXPECT_THAT(local_listener::listen(unnamed), FailsWith(errc::invalid_argument));
}

TEST(LocalAddress, ThatIsAbstractIsNoPath) {
  const auto made = local_address::abstract("portsock");
  if (!system().has_abstract_names) {
    EXPECT_THAT(made, FailsWith(errc::not_supported));
    return;
  }

  EXPECT_TRUE(must(made).is_abstract());
  EXPECT_EQ(to_string(*made), "@portsock");
  EXPECT_NE(*made, must(local_address::at("portsock")));
  EXPECT_EQ(*made, must(local_address::abstract("portsock")));
  EXPECT_THAT(local_address::abstract(""), FailsWith(errc::invalid_argument));
  EXPECT_THAT(local_address::abstract(std::string(108, 'a')), FailsWith(errc::name_too_long));
}

}  // namespace
}  // namespace portsock::tests
