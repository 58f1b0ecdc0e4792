// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <system_error>

#include <portsock/detail/received.hpp>
#include <portsock/error.hpp>

namespace portsock {
namespace {

// A range-for over what a temporary holds must not outlive it.
static_assert(std::is_same_v<decltype(*std::declval<result<std::string>>()), std::string>);
static_assert(std::is_same_v<decltype(std::declval<result<std::string>>().value()), std::string>);

constexpr error refused = errc::connection_refused;
constexpr error unheard_of{987'654, error_domain::system, errc::other};

static_assert(refused == errc::connection_refused && refused != errc::connection_reset);
static_assert(refused.meaning() == errc::connection_refused);
static_assert(refused.domain() == error_domain::library);
static_assert(unheard_of.value() == 987'654 && unheard_of.domain() == error_domain::system);

static_assert(is_disconnect(errc::connection_reset) && is_disconnect(errc::connection_aborted));
static_assert(is_disconnect(errc::broken_pipe));
static_assert(!is_disconnect(errc::end_of_stream) && !is_disconnect(errc::not_connected));
static_assert(is_unreachable(errc::network_unreachable) && is_unreachable(errc::host_unreachable));
static_assert(is_unreachable(errc::network_down) && !is_unreachable(errc::timed_out));
static_assert(is_unsupported(errc::not_supported) && is_unsupported(errc::family_not_supported));
static_assert(is_unsupported(errc::protocol_not_supported));
static_assert(!is_unsupported(errc::invalid_argument));

TEST(Error, OfTheLibraryIsToldInItsWords) {
  EXPECT_EQ(error{errc::connection_refused}.message(), "connection refused");
  EXPECT_EQ(error{errc::cancelled}.message(), "cancelled");
  EXPECT_EQ(error{errc::end_of_stream}.message(), "end of stream");
}

TEST(Error, WithACodeThatIsInNoTableIsToldByItsNumber) {
  EXPECT_THAT(unheard_of.message(), testing::HasSubstr("987654"));
}

TEST(Error, HasOtherWordsForEachMeaning) {
  std::set<std::string_view> words;
  for (int value = 1; value <= static_cast<int>(errc::other); ++value)
    EXPECT_TRUE(words.insert(to_string(static_cast<errc>(value))).second) << value;
}

TEST(Error, OfAMeaningThatDoesNotExistIsAnUnexpectedOne) {
  EXPECT_EQ(to_string(static_cast<errc>(0)), to_string(errc::other));
  EXPECT_EQ(to_string(static_cast<errc>(255)), to_string(errc::other));
}

TEST(ErrorCode, EqualsItsMeaning) {
  for (int value = 1; value <= static_cast<int>(errc::other); ++value) {
    const auto meaning = static_cast<errc>(value);
    EXPECT_TRUE(error{meaning}.code() == meaning) << to_string(meaning);
    EXPECT_TRUE(error{meaning}.code()) << "an error code of 0 would be a success";
  }
  EXPECT_FALSE(refused.code() == errc::connection_reset);
}

TEST(ErrorCode, EqualsTheStandardCondition) {
  EXPECT_TRUE(refused.code() == std::errc::connection_refused);
  EXPECT_TRUE(error{errc::timed_out}.code() == std::errc::timed_out);
  EXPECT_TRUE(error{errc::would_block}.code() == std::errc::operation_would_block);
  EXPECT_TRUE(error{errc::cancelled}.code() == std::errc::operation_canceled);
  EXPECT_TRUE(error{errc::access_denied}.code() == std::errc::permission_denied);
  EXPECT_TRUE(error{errc::message_too_large}.code() == std::errc::message_size);
  EXPECT_FALSE(refused.code() == std::errc::timed_out);
}

TEST(ErrorCode, KeepsTheMeaningThatTheContextGave) {
  // From connect(), a code that means "would block" elsewhere means that it has begun.
  const error in_context{987'654, error_domain::system, errc::in_progress};

  EXPECT_TRUE(in_context.code() == errc::in_progress);
  EXPECT_TRUE(in_context.code() == std::errc::operation_in_progress);
}

TEST(ErrorCode, TellsTheMessageOfTheError) {
  EXPECT_EQ(refused.code().message(), refused.message());
  EXPECT_EQ(unheard_of.code().message(), unheard_of.message());
}

TEST(Result, CarriesAValueOrTheReasonThereIsNone) {
  const result<int> value = 7;
  const result<int> none = fail(errc::timed_out);
  const result<> passed_on = none.failure();

  EXPECT_EQ(*value, 7);
  EXPECT_EQ(none.error(), errc::timed_out);
  EXPECT_EQ(passed_on.error(), errc::timed_out);
}

TEST(Result, OfADatagramCarriesTheReasonThereIsNone) {
  const result<received> none = std::unexpected{unheard_of};

  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error(), unheard_of);
}

TEST(Result, OfADatagramKeepsTheReasonBesideASizeOfHalfItsWidth) {
  detail::word_of_reason<4> keeper;
  const std::int64_t word = (std::numeric_limits<std::int64_t>::min)() + 1;

  const auto size = keeper.put(word);

  EXPECT_LT(static_cast<std::ptrdiff_t>(size), 0);
  EXPECT_EQ(keeper.get(size), word);
}

}  // namespace
}  // namespace portsock
