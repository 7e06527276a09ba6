// Shapes, views and refusals of the tensor handle.
#include "tensor.h"

#include "check_test.h"

using namespace heirloom;

TEST("a shape prints, counts and indexes from both ends") {
  const Shape shape{2, 3, 4};
  EXPECT(str(shape) == "[2, 3, 4]");
  EXPECT(shape.count() == 24 && shape.rows() == 6 && shape[-1] == 4 && shape[0] == 2);
}

TEST("a reshape shares the numbers and refuses another count") {
  Tensor a = Tensor::of({2, 2}, {1, 2, 3, 4});
  Tensor b = a.reshape({4});
  b.data()[3] = 9;
  EXPECT(a.data()[3] == 9);
  EXPECT(check::error_code([&] { a.reshape({5}); }) == "internal");
}

TEST("a row range is a window into the same buffer") {
  Tensor a = Tensor::of({3, 2}, {1, 2, 3, 4, 5, 6});
  Tensor b = a.row_range(1, 2);
  EXPECT(b.shape == (Shape{2, 2}) && b.data() == a.data() + 2);
  EXPECT(check::error_code([&] { a.row_range(2, 2); }) == "internal");
}

TEST_MAIN
