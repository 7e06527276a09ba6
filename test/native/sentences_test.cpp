// What the engine says to people: the key, the values, and the English words with the values in their places.
#include "check.h"
#include "check_test.h"

using namespace heirloom;

TEST("a sentence carries its key and its values, and has them in its words") {
  const Message message = say(sentences::kNoDevice, {{"device", "cuda:9"}, {"names", "\"cpu\""}});
  EXPECT(message.key == "engineNoDevice" && message.values.size() == 2 && message.values[0].second == "cuda:9");
  EXPECT(message.text == "There is no device \"cuda:9\" here. Use \"cpu\".");
}

TEST("a value that looks like a blank stays as it is") {
  EXPECT(say(sentences::kNotOpened, {{"path", "/m/{{reason}}"}, {"reason", "{{path}}"}}).text ==
         "Could not open /m/{{reason}}: {{path}}. Check that the model folder is complete.");
}

TEST("an error keeps the message; one without a key has words alone") {
  try {
    fail("bad-argument", say(sentences::kEmpty, {{"file", "a"}}));
  } catch (const Error& error) {
    EXPECT(error.code == "bad-argument" && error.message.key == "engineEmpty" && error.what() == error.message.text);
  }
  EXPECT(Message("Words.").key.empty() && Message("Words.").text == "Words." && Message().empty());
}

TEST_MAIN
