package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.network.Convolution;
import dev.weft.network.Layer;
import dev.weft.network.Pooling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Convolutions and pooling over windows. */
final class MapRules {

    private MapRules() {}

    static void register() {
        Rules.single("Conv", MapRules::convolution);
        Rules.single("MaxPool", MapRules::maxPool);
        Rules.single("AveragePool", MapRules::averagePool);
        Rules.single("Pad", MapRules::pad);
    }

    /** Windows over the spatial axes of a map. */
    private record Windows(List<Integer> kernel, List<Integer> stride, List<Integer> padding, List<Integer> dilation) {

        static Windows of(Call call, List<Integer> kernel, Flow x, int axes) {
            List<Integer> ones = Collections.nCopies(axes, 1);
            List<Integer> strides = list(call.integers("strides", array(ones)));
            List<Integer> dilations = list(call.integers("dilations", array(ones)));
            call.require(
                    kernel.size() == axes && strides.size() == axes && dilations.size() == axes,
                    "windows " + kernel + " over " + axes + " axes");
            return new Windows(kernel, strides, padding(call, kernel, strides, dilations, x), dilations);
        }

        private static List<Integer> padding(
                Call call, List<Integer> kernel, List<Integer> strides, List<Integer> dilations, Flow x) {
            int axes = kernel.size();
            int[] both = call.integers("pads", new int[2 * axes]);
            String automatic = call.text("auto_pad", "NOTSET");
            if (automatic.startsWith("SAME")) {
                both = same(automatic, kernel, strides, dilations, x);
            } else {
                call.require(automatic.equals("NOTSET") || automatic.equals("VALID"), "auto_pad '" + automatic + "'");
            }
            call.require(
                    both.length == 2 * axes
                            && Arrays.equals(Arrays.copyOf(both, axes), Arrays.copyOfRange(both, axes, 2 * axes)),
                    "pads " + Arrays.toString(both) + ", expected the same on both sides");
            return list(Arrays.copyOf(both, axes));
        }

        private static int[] same(
                String side, List<Integer> kernel, List<Integer> strides, List<Integer> dilations, Flow x) {
            int axes = kernel.size();
            int[] both = new int[2 * axes];
            for (int i = 0; i < axes; i++) {
                int size = x.shape()[2 + i];
                int stride = Math.max(1, strides.get(i));
                int windows = (size + stride - 1) / stride;
                int room = Math.max(0, (windows - 1) * stride + (kernel.get(i) - 1) * dilations.get(i) + 1 - size);
                both[i] = side.equals("SAME_LOWER") ? room - room / 2 : room / 2;
                both[axes + i] = room - both[i];
            }
            return both;
        }

        /** Returns how many windows fit, with a last one that is cut off if {@code ceiling}. */
        List<Integer> count(List<Integer> extents, boolean ceiling) {
            List<Integer> counts = new ArrayList<>();
            for (int i = 0; i < kernel.size(); i++) {
                long reach = (long) dilation.get(i) * (kernel.get(i) - 1) + 1;
                long room = extents.get(i) + 2L * padding.get(i) - reach;
                int step = stride.get(i);
                if (room < 0 || step < 1) {
                    throw new IllegalArgumentException(
                            "a window of " + reach + " by steps of " + step + " over " + extents.get(i) + " positions");
                }
                counts.add(Math.toIntExact((ceiling ? room + step - 1 : room) / step + 1));
            }
            return counts;
        }
    }

    private static List<Integer> list(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static int[] array(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    private static Meaning convolution(Call call) {
        int[] shape = call.fixed(1).shape();
        call.require(
                shape.length == 3 || shape.length == 4,
                "a kernel " + Arrays.toString(shape) + ", expected 1 or 2 axes");
        Fixed weight = call.parameter(1, shape);
        call.require(weight.contiguous(), "a kernel that is a view of " + Descriptions.of(weight));
        int axes = shape.length - 2;
        Flow x = call.flows().map(call.flow(0), axes, call.hint());
        Windows windows = Windows.of(call, list(Arrays.copyOfRange(shape, 2, shape.length)), x, axes);
        int groups = Math.toIntExact(call.integer("group", 1));
        int in = Math.multiplyExact(shape[1], groups);
        Sample sample = call.flows().sample(x);
        call.require(sample.units() == in, "expected " + in + " channels, found " + sample.units());
        Layer layer = new Convolution(
                in, shape[0], windows.kernel, windows.stride, windows.padding, windows.dilation, groups, call.has(2));
        Sample out = new Sample(sample.layout(), windows.count(sample.positions(), false), shape[0]);
        int made = call.drafts().add(call.hint(), layer, out, x.layer());
        call.drafts().get(made).tensor("weight", weight);
        if (call.has(2)) {
            call.drafts().get(made).tensor("bias", call.parameter(2, shape[0]));
        }
        return call.flows().output(made);
    }

    private static Meaning maxPool(Call call) {
        return pool(call, windows -> new Pooling.MaxPool(windows.kernel, windows.stride, windows.padding));
    }

    private static Meaning averagePool(Call call) {
        boolean padding = call.integer("count_include_pad", 0) != 0;
        return pool(call, windows -> new Pooling.AvgPool(windows.kernel, windows.stride, windows.padding, padding));
    }

    private static Meaning pool(Call call, Function<Windows, Layer> layer) {
        int[] kernel = call.integers("kernel_shape");
        Flow x = call.flows().map(call.flow(0), kernel.length, call.hint());
        Sample sample = call.flows().sample(x);
        Windows windows = Windows.of(call, list(kernel), x, kernel.length);
        List<Integer> counts = windows.count(sample.positions(), false);
        call.require(
                windows.dilation.stream().allMatch(distance -> distance == 1),
                "a window with gaps " + windows.dilation + ", expected none");
        call.require(
                call.integer("ceil_mode", 0) == 0 || counts.equals(windows.count(sample.positions(), true)),
                "windows of " + windows.kernel + " by steps of " + windows.stride + " that are cut off at the end of "
                        + sample.positions() + " (ceil_mode), expected whole ones");
        Sample out = new Sample(sample.layout(), counts, sample.units());
        return call.flows().output(call.drafts().add(call.hint(), layer.apply(windows), out, x.layer()));
    }

    private static Meaning pad(Call call) {
        int[] pads = call.integers(1, "pads");
        call.require(
                Arrays.stream(pads).allMatch(pad -> pad == 0),
                "pads by " + Arrays.toString(pads) + ", expected padding to be part of the convolution");
        return call.input(0);
    }
}
