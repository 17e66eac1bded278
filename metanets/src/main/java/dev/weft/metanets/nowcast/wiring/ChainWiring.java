package dev.weft.metanets.nowcast.wiring;

import dev.weft.metanets.nowcast.wiring.WiringBuilder.Piece;
import java.util.ArrayList;
import java.util.List;

/** Linear and convolutional layers in a chain, each followed by its biases and norms. */
final class ChainWiring {

    private static final int IMAGE_KERNEL_AXES = 4;

    private ChainWiring() {}

    static void wire(WiringBuilder builder) {
        List<RowTensor> tensors = builder.layout().tensors();
        Nodes inputs = new Nodes(0, 0);
        for (int i = 0; i < tensors.size(); i++) {
            RowTensor weight = tensors.get(i);
            requireWeight(weight);
            List<Piece> pieces = new ArrayList<>();
            while (i + 1 < tensors.size() && tensors.get(i + 1).shape().size() == 1) {
                pieces.add(Piece.of(tensors.get(++i)));
            }
            Matrix matrix = Matrix.outputMajor(weight);
            inputs = inputs.size() == 0 ? builder.nodes(matrix.inputs()) : inputs;
            Nodes outputs = builder.neurons(matrix.outputs(), pieces);
            EdgeType type = weight.shape().size() == 2 ? EdgeType.MATRIX : EdgeType.CONVOLUTION;
            builder.join(matrix, type, inputs, outputs);
            inputs = outputs;
        }
    }

    private static void requireWeight(RowTensor tensor) {
        int axes = tensor.shape().size();
        if (axes != 2 && axes != IMAGE_KERNEL_AXES) {
            throw new IllegalArgumentException("tensor " + tensor
                    + ": expected the weight of a linear layer or a 2-d convolution where the next layer begins");
        }
    }
}
